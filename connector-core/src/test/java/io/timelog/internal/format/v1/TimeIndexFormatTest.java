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
  void block_isWrittenAsReleased() {
    int end = TimeIndexFormat.ENTRIES_OFFSET + ENTRIES.length;
    ByteBuffer block = TimeIndexFormat.allocateBlocks(TimeIndexFormat.blockEnd(end));
    TimeIndexFormat.putSlotShift(block, 0, 0);
    block.put(TimeIndexFormat.ENTRIES_OFFSET, ENTRIES);

    GoldenBytes.assertGolden("v1/time-index.hex", block);
  }

  @Test
  void slotShift_isThatOfItsStrip() {
    ByteBuffer block = TimeIndexFormat.allocateBlocks(32);
    TimeIndexFormat.putSlotShift(block, 24, 55);

    assertThat(TimeIndexFormat.slotShift(block, 0)).isZero();
    assertThat(TimeIndexFormat.slotShift(block, 24)).isEqualTo(55);
  }

  @Test
  void directory_isWrittenAsReleased() {
    ByteBuffer directory = TimeIndexFormat.allocateDirectory(1);
    TimeIndexFormat.putHead(directory, 1, 0);
    TimeIndexFormat.putStrip(directory, 0, 0, 31);
    BlockDirectoryFormat.putBlock(TimeIndexFormat.blocks(directory), 0, 32, 0xc28015da);

    GoldenBytes.assertGolden("v1/time-index-directory.hex", directory);
  }

  @Test
  void directory_isReadAsReleased() {
    ByteBuffer golden = GoldenBytes.buffer("v1/time-index-directory.hex");

    assertThat(TimeIndexFormat.stripCount(golden)).isEqualTo(1);
    assertThat(TimeIndexFormat.timeShift(golden)).isZero();
    assertThat(TimeIndexFormat.firstTime(golden, 0)).isZero();
    assertThat(TimeIndexFormat.stripStart(golden, 1, 0)).isZero();
    assertThat(TimeIndexFormat.stripEnd(golden, 1, 0)).isEqualTo(31);
    ByteBuffer blocks = TimeIndexFormat.blocks(golden);
    assertThat(BlockDirectoryFormat.blockCount(blocks)).isEqualTo(1);
    assertThat(BlockDirectoryFormat.end(blocks, 0)).isEqualTo(32);
    assertThat(BlockDirectoryFormat.checksum(blocks, 0)).isEqualTo(0xc28015da);
  }

  @Test
  void strips_followEachOtherInTheirBlocks() {
    ByteBuffer directory = TimeIndexFormat.allocateDirectory(17);
    TimeIndexFormat.putHead(directory, 17, 7);
    for (int strip = 0; strip < 17; strip++) {
      TimeIndexFormat.putStrip(directory, strip, 1_000L * strip, 10 * (strip % 16 + 1));
    }
    TimeIndexFormat.putStrip(directory, 16, Long.MAX_VALUE, 10);

    assertThat(TimeIndexFormat.timeShift(directory)).isEqualTo(7);
    assertThat(TimeIndexFormat.firstTime(directory, 15)).isEqualTo(15_000);
    assertThat(TimeIndexFormat.firstTime(directory, 16)).isEqualTo(Long.MAX_VALUE);
    assertThat(TimeIndexFormat.stripStart(directory, 17, 0)).isZero();
    assertThat(TimeIndexFormat.stripStart(directory, 17, 15)).isEqualTo(150);
    assertThat(TimeIndexFormat.stripEnd(directory, 17, 15)).isEqualTo(160);
    assertThat(TimeIndexFormat.stripStart(directory, 17, 16)).isZero();
    assertThat(BlockDirectoryFormat.blockCount(TimeIndexFormat.blocks(directory))).isEqualTo(2);
  }

  @Test
  void emptyDirectory_isThatOfNoIndex() {
    ByteBuffer none = TimeIndexFormat.allocateDirectory(0);

    assertThat(none.limit()).isZero();
    assertThat(TimeIndexFormat.stripCount(none)).isZero();
    assertThat(TimeIndexFormat.timeShift(none)).isZero();
    assertThat(BlockDirectoryFormat.blockCount(TimeIndexFormat.blocks(none))).isZero();
  }

  @Test
  void timeAndPosition_fitSixtyThreeBitsTogether() {
    assertThat(TimeIndexFormat.positionBits(3, 1)).isEqualTo(3);
    assertThat(TimeIndexFormat.timeShift((1L << 60) - 1, 3)).isZero();
    assertThat(TimeIndexFormat.timeShift(1L << 60, 3)).isEqualTo(1);
    assertThat(TimeIndexFormat.timeShift(-1, 32)).isEqualTo(33);
  }

  @Test
  void directoryLength_isAMultipleOfEight_andDoesNotOverflow() {
    for (int strips = 0; strips < 100; strips++) {
      assertThat(TimeIndexFormat.directoryLength(strips) % 8).isZero();
    }
    assertThat(TimeIndexFormat.directoryLength(Integer.MAX_VALUE))
        .isGreaterThan(12L * Integer.MAX_VALUE);
  }
}
