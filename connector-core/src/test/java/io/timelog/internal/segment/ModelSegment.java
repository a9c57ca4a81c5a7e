package io.timelog.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.key.Key;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.storage.SegmentOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a segment should hold, as a plain sorted map. */
final class ModelSegment {
  /** A key of the model; ordered as segments order keys. */
  record ModelKey(int group, Bytes bytes) implements Comparable<ModelKey> {
    private static final Comparator<ModelKey> ORDER =
        Comparator.comparingInt(ModelKey::group).thenComparing(ModelKey::bytes);

    static ModelKey of(int group, byte... bytes) {
      return new ModelKey(group, Bytes.of(bytes));
    }

    /** The key that the cursor is on. */
    static ModelKey of(KeyCursor cursor) {
      return new ModelKey(
          cursor.group(), Bytes.of(cursor.keyBuffer(), cursor.keyOffset(), cursor.keyLength()));
    }

    /** The same key for the engine. */
    Key key() {
      return Key.of(bytes.array(), group);
    }

    @Override
    public int compareTo(ModelKey other) {
      return ORDER.compare(this, other);
    }
  }

  /** A row of the model. */
  record ModelRow(long timestamp, boolean tombstone, Bytes payload) {
    static ModelRow of(long timestamp, boolean tombstone, byte... payload) {
      return new ModelRow(timestamp, tombstone, Bytes.of(payload));
    }

    /** The row that the cursor is on. */
    static ModelRow of(RowCursor cursor) {
      return new ModelRow(
          cursor.timestamp(),
          cursor.isTombstone(),
          Bytes.of(cursor.payload(), cursor.payloadOffset(), cursor.payloadLength()));
    }
  }

  private final NavigableMap<ModelKey, List<ModelRow>> rows = new TreeMap<>();

  /** Adds a row, after those of the same key and timestamp. */
  ModelSegment add(ModelKey key, ModelRow row) {
    List<ModelRow> ofKey = rows.computeIfAbsent(key, k -> new ArrayList<>());
    int at = ofKey.size();
    while (at > 0 && ofKey.get(at - 1).timestamp() > row.timestamp()) {
      at--;
    }
    ofKey.add(at, row);
    return this;
  }

  /** The keys in order and their rows. */
  NavigableMap<ModelKey, List<ModelRow>> rows() {
    return rows;
  }

  /** All rows. */
  Stream<ModelRow> allRows() {
    return rows.values().stream().flatMap(List::stream);
  }

  /** Writes this model as a segment. */
  Segment write(SegmentOutput out, SegmentOptions options) {
    SegmentWriter writer = new SegmentWriter(out, options);
    writeRows(writer);
    return writer.finish();
  }

  /** Gives every key and row of this model to the writer. */
  void writeRows(SegmentWriter writer) {
    rows.forEach(
        (key, ofKey) -> {
          startKey(writer, key);
          ofKey.forEach(row -> writeRow(writer, row));
        });
  }

  static void startKey(SegmentWriter writer, ModelKey key) {
    // One byte before and after, so that wrong offsets do not go unseen.
    int length = key.bytes().length();
    ByteBuffer buffer = ByteBuffer.allocate(length + 2).put(1, key.bytes().array());
    writer.startKey(key.group(), key.key().hash(), buffer, 1, length);
  }

  static void writeRow(SegmentWriter writer, ModelRow row) {
    int length = row.payload().length();
    ByteBuffer buffer = ByteBuffer.allocate(length + 2).put(1, row.payload().array());
    // The byte order of the caller's buffer must not matter.
    buffer.order((row.timestamp() & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    writer.row(row.timestamp(), row.tombstone(), buffer, 1, length);
  }

  /** Rows of a key with {@code first <= timestamp <= last}; of an absent key, none. */
  List<ModelRow> find(ModelKey key, long first, long last) {
    return between(rows.getOrDefault(key, List.of()), first, last);
  }

  /** Those of the rows with {@code first <= timestamp <= last}. */
  static List<ModelRow> between(List<ModelRow> rows, long first, long last) {
    return rows.stream()
        .filter(row -> first <= row.timestamp() && row.timestamp() <= last)
        .toList();
  }

  /** The remaining rows of a cursor, which then stays exhausted; of no cursor, none. */
  static List<ModelRow> drain(@Nullable RowCursor cursor) {
    List<ModelRow> drained = new ArrayList<>();
    if (cursor != null) {
      while (cursor.advance()) {
        drained.add(ModelRow.of(cursor));
      }
      assertThat(cursor.advance()).isFalse();
    }
    return drained;
  }

  /** The rows that all keys of a cursor have in the range, oldest first. */
  static List<Map.Entry<ModelKey, List<ModelRow>>> drain(KeyCursor cursor, long first, long last) {
    List<Map.Entry<ModelKey, List<ModelRow>>> drained = new ArrayList<>();
    while (cursor.advance()) {
      ModelKey key = ModelKey.of(cursor);
      assertThat(cursor.hash()).isEqualTo(key.key().hash());
      List<ModelRow> forward = drain(cursor.rows(first, last));
      assertThat(drain(cursor.rows(first, last, Direction.BACKWARD))).isEqualTo(reversed(forward));
      drained.add(Map.entry(key, forward));
    }
    assertThat(cursor.advance()).isFalse();
    return drained;
  }

  static <T> List<T> reversed(List<T> list) {
    List<T> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
  }
}
