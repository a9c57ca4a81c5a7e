package io.timelog.internal.segment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.key.KeyHash;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowSource;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run of segments reads like one segment with the same rows, wherever it is cut. */
final class SegmentRunTest {
  private static final long LAST = 999;
  private static final int CUTS = 40;

  private final MemoryStorage storage =
      new MemoryStorage(new MemoryAccount(new BufferPool(64 << 20)));
  private final Random random = new Random(4);
  private int names;

  private record Row(int key, long timestamp, int subkey) {}

  @AfterEach
  void close() {
    storage.close();
  }

  @ParameterizedTest
  @EnumSource(WindowIndex.class)
  void run_readsLikeOneSegment(WindowIndex index) {
    List<Row> rows = rows();
    Segment whole = segment(rows, index);
    for (int i = 0; i < CUTS; i++) {
      List<Segment> parts = new ArrayList<>();
      int from = 0;
      while (from < rows.size()) {
        int to = Math.min(rows.size(), from + 1 + random.nextInt(i % 2 == 0 ? 40 : 8));
        parts.add(segment(rows.subList(from, to), index));
        from = to;
      }
      checkAlike(whole, new SegmentRun(parts));
    }
  }

  /** Twelve keys, of which some have many rows, and many rows of one timestamp. */
  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int key = 0; key < 12; key++) {
      int count = key % 3 == 0 ? 60 : 4;
      long timestamp = random.nextInt(100);
      for (int i = 0; i < count; i++) {
        rows.add(new Row(key, timestamp, i));
        timestamp += random.nextInt(3) == 0 ? random.nextInt(30) : 0;
      }
    }
    return rows;
  }

  private Segment segment(List<Row> rows, WindowIndex index) {
    SegmentOptions options =
        SegmentOptions.of("t", 0, LAST + 1_000).withTargetPageBytes(256).withIndex(index);
    SegmentWriter writer = new SegmentWriter(storage.create("s" + names++), options);
    int keyBefore = -1;
    for (Row row : rows) {
      if (row.key != keyBefore) {
        byte[] key = key(row.key).bytes();
        writer.startKey(0, KeyHash.hash32(key, 0, key.length), buffer(key), 0, key.length);
        keyBefore = row.key;
      }
      // A subkey of two bytes and no value.
      byte[] payload = {2, (byte) (row.subkey >> 8), (byte) row.subkey};
      writer.row(row.timestamp, false, buffer(payload), 0, payload.length);
    }
    return writer.finish();
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Key key(int number) {
    return Key.of(String.format("key%05d", 2 * number).getBytes(UTF_8), 0);
  }

  private static Key missingKey(int number) {
    return Key.of(String.format("key%05d", 2 * number + 1).getBytes(UTF_8), 0);
  }

  private void checkAlike(Segment whole, SegmentRun run) {
    for (Direction direction : Direction.values()) {
      for (int i = 0; i < 30; i++) {
        long first = random.nextInt(300) - 10L;
        long last = i == 0 ? LAST + 1_000 : first + random.nextInt(200);
        assertThat(scan(run, first, last, direction))
            .isEqualTo(scan(whole, first, last, direction));
        assertThat(run.firstTimestamp(0, first, last, direction))
            .isEqualTo(whole.firstTimestamp(0, first, last, direction));
        Key key = key(random.nextInt(13));
        assertThat(rows(run.find(key, 0, first, last, direction)))
            .isEqualTo(rows(whole.find(key, 0, first, last, direction)));
        assertThat(run.hasRows(key, 0, first, last)).isEqualTo(whole.hasRows(key, 0, first, last));
        assertThat(run.segmentsOf(key).stream().mapToLong(s -> s.countRows(key, first, last)).sum())
            .isEqualTo(whole.countRows(key, first, last));
        Key missing = missingKey(random.nextInt(13) - 1);
        assertThat(run.find(missing, 0, first, last, direction)).isNull();
      }
    }
    for (Row row : rows(whole)) {
      Span subkey = Span.of(new byte[] {(byte) (row.subkey >> 8), (byte) row.subkey});
      RowCursor found = run.findEntry(key(row.key), 0, row.timestamp, subkey);
      assertThat(found).isNotNull();
      assertThat(found.timestamp()).isEqualTo(row.timestamp);
      assertThat(rows(run.findBehind(key(row.key), 0, row.timestamp, subkey, LAST)))
          .endsWith(
              rows(whole.findBehind(key(row.key), 0, row.timestamp, subkey, LAST))
                  .toArray(String[]::new));
      assertThat(run.findEntry(key(row.key), 0, row.timestamp + 1_000, subkey)).isNull();
    }
  }

  private static List<Row> rows(Segment segment) {
    List<Row> rows = new ArrayList<>();
    KeyCursor keys = segment.keys(0, 0, Integer.MAX_VALUE);
    for (int key = -1; keys.advance(); ) {
      key = number(keys);
      RowCursor row = keys.rows(0, LAST + 1_000);
      while (row.advance()) {
        int at = row.payloadOffset();
        int subkey = (row.payload().get(at + 1) & 0xFF) << 8 | (row.payload().get(at + 2) & 0xFF);
        rows.add(new Row(key, row.timestamp(), subkey));
      }
    }
    return rows;
  }

  private static int number(KeyCursor keys) {
    byte[] bytes = new byte[keys.keyLength()];
    keys.keyBuffer().get(keys.keyOffset(), bytes);
    assertThat(keys.hash()).isEqualTo(KeyHash.hash32(bytes, 0, bytes.length));
    return Integer.parseInt(new String(bytes, UTF_8).substring(3)) / 2;
  }

  /** Keys without rows in the range may be shown, and are left out here. */
  private static List<String> scan(RowSource source, long first, long last, Direction direction) {
    List<String> all = new ArrayList<>();
    KeyCursor keys = source.keys(0, 0, Integer.MAX_VALUE, first, last, direction);
    while (keys.advance()) {
      int key = number(keys);
      for (Direction order : Direction.values()) {
        rows(keys.rows(first, last, order)).forEach(row -> all.add(key + " " + order + " " + row));
      }
    }
    return all;
  }

  private static List<String> rows(RowCursor cursor) {
    List<String> rows = new ArrayList<>();
    while (cursor != null && cursor.advance()) {
      int at = cursor.payloadOffset();
      rows.add(
          cursor.timestamp()
              + "/"
              + cursor.payload().get(at + 1)
              + "/"
              + cursor.payload().get(at + 2));
    }
    return rows;
  }
}
