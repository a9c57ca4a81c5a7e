package io.timelog.internal.segment;

import static io.timelog.internal.segment.ModelSegment.between;
import static io.timelog.internal.segment.ModelSegment.drain;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.ModelSegment.ModelKey;
import io.timelog.internal.segment.ModelSegment.ModelRow;
import io.timelog.internal.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What was written once is written and read the same for ever. The files were made by a program
 * that has nothing of the engine, from the documents of the format.
 */
final class GoldenSegmentTest {
  private static final String FILE = "v1/segment.hex";
  private static final String WITH_TIME_INDEX = "v1/segment-with-time-index.hex";
  private static final String MANY_KEYS = "v1/segment-of-many-keys.hex";

  @Test
  void segment_isWrittenAsReleased() {
    GoldenBytes.assertGolden(FILE, write(model(), options(WindowIndex.KEY)));
  }

  @Test
  void segmentWithATimeIndex_isWrittenAsReleased() {
    GoldenBytes.assertGolden(WITH_TIME_INDEX, write(model(), options(WindowIndex.KEY_AND_TIME)));
  }

  @Test
  void segmentOfManyKeys_isWrittenAsReleased() {
    GoldenBytes.assertGolden(
        MANY_KEYS,
        write(
            manyKeys(),
            new SegmentOptions("clicks", 4096, 0, 19_999, 7, WindowIndex.KEY_AND_TIME)));
  }

  private static SegmentOptions options(WindowIndex index) {
    return new SegmentOptions("clicks", 192, 0, 99, 7, index);
  }

  private static ByteBuffer write(ModelSegment model, SegmentOptions options) {
    MemoryStorage storage = new MemoryStorage(new MemoryAccount(new BufferPool(1 << 20)));
    model.write(storage.create("s"), options);
    return ByteBuffer.wrap(BytesInput.copyOf(storage.open("s")));
  }

  @Test
  void segment_isReadAsReleased() {
    assertRead(Segment.open(new BytesInput(GoldenBytes.read(FILE))), model());
  }

  @Test
  void segmentWithATimeIndex_isReadAsReleased() {
    Segment segment = Segment.open(new BytesInput(GoldenBytes.read(WITH_TIME_INDEX)));

    assertRead(segment, model());
    assertThat(segment.findsByTime()).isTrue();
    assertThat(drain(segment.keys(0, 0, 9, 12, 19), 12, 19))
        .containsExactly(Map.entry(key(2, "bc"), List.of(row(15, false, ""))));
  }

  @Test
  void segmentOfManyKeys_isReadAsReleased() {
    Segment segment = Segment.open(new BytesInput(GoldenBytes.read(MANY_KEYS)));
    ModelSegment model = manyKeys();
    List<ModelRow> all = model.allRows().toList();

    assertRead(segment, model);
    assertThat(segment.contains(manyKey(520).key())).isFalse();
    for (int timestamp = 0; timestamp < 20_000; timestamp += 7) {
      List<ModelRow> rows = new ArrayList<>();
      KeyCursor keys = segment.keys(0, 0, 9, timestamp, timestamp);
      while (keys.advance()) {
        rows.addAll(drain(keys.rows(timestamp, timestamp)));
      }
      assertThat(rows).isEqualTo(between(all, timestamp, timestamp));
    }
  }

  private static void assertRead(Segment segment, ModelSegment model) {
    assertThat(drain(segment.keys(0, 0, 9), Long.MIN_VALUE, Long.MAX_VALUE))
        .isEqualTo(List.copyOf(model.rows().entrySet()));
    model
        .rows()
        .forEach(
            (key, rows) ->
                assertThat(drain(segment.find(key.key(), 0, 0, 19_999))).isEqualTo(rows));
    assertThat(segment.table()).isEqualTo("clicks");
    assertThat(segment.appliedVersion()).isEqualTo(7);
  }

  private static ModelSegment model() {
    ModelSegment model =
        new ModelSegment()
            .add(key(1, "a"), row(10, false, "x"))
            .add(key(1, "a"), row(20, true, "yz"))
            .add(key(2, "bc"), row(15, false, ""));
    for (int i = 0; i < 12; i++) {
      model.add(key(2, "d"), row(30 + i, false, "payload" + (char) ('a' + i)));
    }
    return model;
  }

  /** So many that there is a filter, and that each index has several blocks. */
  private static ModelSegment manyKeys() {
    ModelSegment model = new ModelSegment();
    for (int i = 0; i < 520; i++) {
      if (i == 100) {
        model.add(manyKey(i), row(3, false, "")).add(manyKey(i), row(3, false, ""));
        model.add(manyKey(i), row(700, false, ""));
      } else {
        for (int j = 0; j < 4; j++) {
          model.add(manyKey(i), row((i * 7919L + j * 1_009L) % 5_000 + j * 5_000L, false, ""));
        }
      }
    }
    return model;
  }

  private static ModelKey manyKey(int number) {
    return ModelKey.of(number / 300, (byte) (number >>> 8), (byte) number);
  }

  private static ModelKey key(int group, String key) {
    return ModelKey.of(group, key.getBytes(StandardCharsets.US_ASCII));
  }

  private static ModelRow row(long timestamp, boolean tombstone, String payload) {
    return ModelRow.of(timestamp, tombstone, payload.getBytes(StandardCharsets.US_ASCII));
  }
}
