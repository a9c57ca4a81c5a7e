package io.timelog.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class TimeIndexFormatTest {
  private static final byte[] ENTRIES = {
    0, 0, 10, 0, 5, 1, 20, 1, 21, 0, 22, 0, 23, 0, 24, 0, 25, 0, 26, 0, 27, 0, 28, 0, 29, 0, 30, 0,
    31, 0
  };

  @Test
  void index_isWrittenAsReleased() {
    ByteBuffer index = TimeIndexFormat.allocate((int) TimeIndexFormat.length(54));
    TimeIndexFormat.putHead(index, 1, 0);
    TimeIndexFormat.putBlock(index, 0, 0, 54, 0);
    index.put((int) TimeIndexFormat.blocksOffset(1), ENTRIES);

    GoldenBytes.assertGolden("v1/time-index.hex", index);
  }

  @Test
  void index_isReadAsReleased() {
    ByteBuffer golden = GoldenBytes.buffer("v1/time-index.hex");

    assertThat(TimeIndexFormat.blockCount(golden)).isEqualTo(1);
    assertThat(TimeIndexFormat.timeShift(golden)).isZero();
    assertThat(TimeIndexFormat.firstTime(golden, 0)).isZero();
    assertThat(TimeIndexFormat.start(golden, 0)).isEqualTo(24);
    assertThat(TimeIndexFormat.end(golden, 0)).isEqualTo(24 + ENTRIES.length);
    assertThat(TimeIndexFormat.slotShift(golden, 0)).isZero();
  }

  @Test
  void blocks_followEachOther() {
    ByteBuffer index = TimeIndexFormat.allocate(64);
    TimeIndexFormat.putHead(index, 2, 7);
    TimeIndexFormat.putBlock(index, 0, 0, 50, 0);
    TimeIndexFormat.putBlock(index, 1, Long.MAX_VALUE, 60, 55);

    assertThat(TimeIndexFormat.timeShift(index)).isEqualTo(7);
    assertThat(TimeIndexFormat.start(index, 0)).isEqualTo(40);
    assertThat(TimeIndexFormat.start(index, 1)).isEqualTo(50);
    assertThat(TimeIndexFormat.end(index, 1)).isEqualTo(60);
    assertThat(TimeIndexFormat.firstTime(index, 1)).isEqualTo(Long.MAX_VALUE);
    assertThat(TimeIndexFormat.slotShift(index, 1)).isEqualTo(55);
  }

  @Test
  void blocksOffset_doesNotOverflow() {
    assertThat(TimeIndexFormat.blocksOffset(Integer.MAX_VALUE))
        .isGreaterThan(16L * Integer.MAX_VALUE);
  }
}
