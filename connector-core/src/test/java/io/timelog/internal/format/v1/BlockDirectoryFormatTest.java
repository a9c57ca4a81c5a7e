package io.timelog.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class BlockDirectoryFormatTest {
  private static final String FILE = "v1/key-index-directory.hex";

  @Test
  void directory_isWrittenAsReleased() {
    ByteBuffer directory = BlockDirectoryFormat.allocate(1);
    BlockDirectoryFormat.putBlock(directory, 0, 32, 0x8165f303);

    GoldenBytes.assertGolden(FILE, directory);
  }

  @Test
  void directory_isReadAsReleased() {
    ByteBuffer golden = GoldenBytes.buffer(FILE);

    assertThat(BlockDirectoryFormat.blockCount(golden)).isEqualTo(1);
    assertThat(BlockDirectoryFormat.end(golden, 0)).isEqualTo(32);
    assertThat(BlockDirectoryFormat.checksum(golden, 0)).isEqualTo(0x8165f303);
  }

  @Test
  void blocks_followEachOther() {
    ByteBuffer directory = BlockDirectoryFormat.allocate(2);
    BlockDirectoryFormat.putBlock(directory, 0, 40, 1);
    BlockDirectoryFormat.putBlock(directory, 1, 48, 2);

    assertThat(BlockDirectoryFormat.start(directory, 0)).isZero();
    assertThat(BlockDirectoryFormat.start(directory, 1)).isEqualTo(40);
    assertThat(BlockDirectoryFormat.end(directory, 1)).isEqualTo(48);
    assertThat(BlockDirectoryFormat.checksum(directory, 1)).isEqualTo(2);
  }
}
