package io.timelog.internal.format.v1;

import java.nio.ByteBuffer;

/**
 * Layout of what a directory says of the blocks of an index: an entry for each block, in their
 * order. Blocks follow each other without a gap.
 *
 * <pre>
 *   offset  size  field
 *        0     4  end of the block: the offset after it, from the first block on; a multiple of 8
 *        4     4  checksum: CRC-32C of the block
 * </pre>
 *
 * <p>A block is read and checked when it is asked for, so that it can be forgotten and read again.
 * The directory stays: it is what tells blocks that are as they were written from others, as the
 * {@linkplain PageDirectoryFormat page directory} does for pages.
 */
public final class BlockDirectoryFormat {
  /** Length of an entry. */
  public static final int ENTRY_BYTES = 8;

  private static final int END_OFFSET = 0;
  private static final int CHECKSUM_OFFSET = END_OFFSET + Integer.BYTES;

  private BlockDirectoryFormat() {}

  /** A zeroed buffer for the entries of {@code blockCount} blocks. */
  public static ByteBuffer allocate(int blockCount) {
    return Sections.allocate(ENTRY_BYTES * blockCount);
  }

  /** The number of blocks that a directory has entries for. */
  public static int blockCount(ByteBuffer directory) {
    return directory.limit() / ENTRY_BYTES;
  }

  /** Writes the entry of a block. */
  public static void putBlock(ByteBuffer directory, int block, int end, int checksum) {
    int at = ENTRY_BYTES * block;
    directory.putInt(at + END_OFFSET, end);
    directory.putInt(at + CHECKSUM_OFFSET, checksum);
  }

  /** The offset of a block. */
  public static int start(ByteBuffer directory, int block) {
    return block == 0 ? 0 : end(directory, block - 1);
  }

  /** The offset after a block. */
  public static int end(ByteBuffer directory, int block) {
    return directory.getInt(ENTRY_BYTES * block + END_OFFSET);
  }

  /** The length of a block. */
  public static int length(ByteBuffer directory, int block) {
    return end(directory, block) - start(directory, block);
  }

  /** Checksum of a block. */
  public static int checksum(ByteBuffer directory, int block) {
    return directory.getInt(ENTRY_BYTES * block + CHECKSUM_OFFSET);
  }
}
