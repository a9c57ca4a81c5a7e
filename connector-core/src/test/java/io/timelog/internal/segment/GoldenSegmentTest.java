package io.timelog.internal.segment;

import static io.timelog.internal.segment.ModelSegment.drain;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.ModelSegment.ModelKey;
import io.timelog.internal.segment.ModelSegment.ModelRow;
import io.timelog.internal.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was written once is written and read the same for ever. */
final class GoldenSegmentTest {
  private static final String FILE = "v1/segment.hex";
  private static final String WITH_TIME_INDEX = "v1/segment-with-time-index.hex";

  @Test
  void segment_isWrittenAsReleased() {
    GoldenBytes.assertGolden(FILE, write(WindowIndex.KEY));
  }

  @Test
  void segmentWithATimeIndex_isWrittenAsReleased() {
    GoldenBytes.assertGolden(WITH_TIME_INDEX, write(WindowIndex.KEY_AND_TIME));
  }

  private static ByteBuffer write(WindowIndex index) {
    MemoryStorage storage = new MemoryStorage(new MemoryAccount(new BufferPool(1 << 20)));
    model().write(storage.create("s"), new SegmentOptions("clicks", 192, 0, 99, 7, index));
    return ByteBuffer.wrap(BytesInput.copyOf(storage.open("s")));
  }

  @Test
  void segment_isReadAsReleased() {
    assertRead(Segment.open(new BytesInput(GoldenBytes.read(FILE))));
  }

  @Test
  void segmentWithATimeIndex_isReadAsReleased() {
    Segment segment = Segment.open(new BytesInput(GoldenBytes.read(WITH_TIME_INDEX)));

    assertRead(segment);
    assertThat(segment.findsByTime()).isTrue();
    assertThat(drain(segment.keys(0, 0, 9, 12, 19), 12, 19))
        .containsExactly(Map.entry(key(2, "bc"), List.of(row(15, false, ""))));
  }

  private static void assertRead(Segment segment) {
    assertThat(drain(segment.keys(0, 0, 9), Long.MIN_VALUE, Long.MAX_VALUE))
        .isEqualTo(List.copyOf(model().rows().entrySet()));
    model()
        .rows()
        .forEach(
            (key, rows) -> assertThat(drain(segment.find(key.key(), 0, 0, 99))).isEqualTo(rows));
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

  private static ModelKey key(int group, String key) {
    return ModelKey.of(group, key.getBytes(StandardCharsets.US_ASCII));
  }

  private static ModelRow row(long timestamp, boolean tombstone, String payload) {
    return ModelRow.of(timestamp, tombstone, payload.getBytes(StandardCharsets.US_ASCII));
  }
}
