package io.timelog.internal.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.Span;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/** What was done to one key, in words. */
record Row(FrameKind kind, String key, long timestamp, long last, String subkey, String value) {
  static Row append(String key, long timestamp, String value) {
    return new Row(FrameKind.APPEND, key, timestamp, timestamp, "", value);
  }

  static Row put(String key, long timestamp, String subkey, String value) {
    return new Row(FrameKind.PUT, key, timestamp, timestamp, subkey, value);
  }

  static Row remove(String key, long timestamp, String subkey) {
    return new Row(FrameKind.REMOVE, key, timestamp, timestamp, subkey, "");
  }

  static Row removeRange(String key, long first, long last) {
    return new Row(FrameKind.REMOVE_RANGE, key, first, last, "", "");
  }

  static Row of(LogFrame frame) {
    return new Row(
        frame.kind(),
        text(frame.key()),
        frame.timestamp(),
        frame.last(),
        text(frame.subkey()),
        text(frame.value()));
  }

  private static String text(Span span) {
    return new String(span.toByteArray(), UTF_8);
  }

  private static Span span(String text) {
    return Span.of(text.getBytes(UTF_8));
  }

  /** Makes room for the row and writes it. */
  void writeTo(PendingWindow window) {
    window.makeRoom(span(key).length(), 16 + span(subkey).length() + span(value).length());
    switch (kind) {
      case APPEND -> window.append(span(key), timestamp, span(value));
      case PUT -> window.put(span(key), timestamp, span(subkey), span(value));
      case REMOVE -> window.remove(span(key), timestamp, span(subkey));
      case REMOVE_RANGE -> window.removeRange(span(key), timestamp, last);
    }
  }

  /** Does the row to entries, which are sorted by time. */
  void applyTo(TreeMap<String, String> entries, int number) {
    switch (kind) {
      case APPEND -> entries.put(place() + "#" + String.format("%09d", number), value);
      case PUT -> entries.put(place() + "/" + subkey, value);
      case REMOVE -> entries.remove(place() + "/" + subkey);
      case REMOVE_RANGE -> {
        for (Iterator<String> i = entries.keySet().iterator(); i.hasNext(); ) {
          String place = i.next();
          long time = timestampOf(place);
          if (timestamp <= time && time <= last && place.substring(13).startsWith(key + "|")) {
            i.remove();
          }
        }
      }
    }
  }

  private String place() {
    return String.format("%012d %s|", timestamp, key);
  }

  static long timestampOf(String place) {
    return Long.parseLong(place.substring(0, 12));
  }

  static void write(List<Row> rows, DataOutputStream out) throws IOException {
    out.writeInt(rows.size());
    for (Row row : rows) {
      out.writeByte(row.kind.code());
      out.writeUTF(row.key);
      out.writeLong(row.timestamp);
      out.writeLong(row.last);
      out.writeUTF(row.subkey);
      out.writeUTF(row.value);
    }
  }

  static Row read(DataInputStream in) throws IOException {
    return new Row(
        FrameKind.of(in.readByte()),
        in.readUTF(),
        in.readLong(),
        in.readLong(),
        in.readUTF(),
        in.readUTF());
  }
}
