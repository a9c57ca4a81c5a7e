package io.timelog.internal.segment;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.cache.Hold;
import io.timelog.internal.cache.PartReader;
import io.timelog.internal.cache.Parts;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.v1.BlockDirectoryFormat;
import io.timelog.internal.storage.SegmentInput;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of one index of a segment. A block is read and checked when it is needed and not in
 * memory. Any number of threads may read.
 */
final class IndexBlocks implements PartReader<ByteBuffer> {
  /** Whether the numbers of a block, whose checksum is right, lead nowhere else. */
  interface Check {
    boolean fits(int block, ByteBuffer bytes);
  }

  private final SegmentInput input;
  private final String index;
  private final long offset;
  private final ByteBuffer directory;
  private final Check fits;
  private final Parts<ByteBuffer> blocks;

  /**
   * The blocks that a checked directory describes.
   *
   * @param index what messages call the index
   * @param offset where the first block is in the segment
   * @param fits is asked of each block once it was read
   */
  IndexBlocks(SegmentInput input, String index, long offset, ByteBuffer directory, Check fits) {
    this.input = input;
    this.index = index;
    this.offset = offset;
    this.directory = directory;
    this.fits = fits;
    blocks = input.parts(BlockDirectoryFormat.blockCount(directory), this);
  }

  /** The number of blocks. */
  int count() {
    return blocks.count();
  }

  /** The offset of a block in the segment. */
  @Override
  public long offset(int block) {
    return offset + BlockDirectoryFormat.start(directory, block);
  }

  /** The length of a block in bytes. */
  @Override
  public int length(int block) {
    return BlockDirectoryFormat.length(directory, block);
  }

  /** A hold for a block, of which the caller lets go. */
  Hold newHold() {
    return blocks.newHold();
  }

  /** The bytes of a block, from 0 to the limit, if they are in memory; else null. */
  @Nullable ByteBuffer blockIfLoaded(int number, Hold hold) {
    return blocks.getIfLoaded(number, hold);
  }

  /**
   * The bytes of a block, from 0 to the limit, read and checked if it is not in memory; readable
   * while they are held.
   *
   * @throws TimelogCorruptionException if the block is not as it was written
   */
  ByteBuffer block(int number, Hold hold) {
    return blocks.get(number, hold);
  }

  /** Checks the bytes of a block. */
  @Override
  public ByteBuffer open(int number, ByteBuffer block) {
    check(number, block, 0, length(number));
    if (!fits.fits(number, block)) {
      throw damaged(index + " block does not fit its segment: block=" + number, number);
    }
    return block;
  }

  /**
   * The bytes of all blocks, from 0 to the limit, for who copies them: read at once, each checked,
   * none kept.
   *
   * @throws TimelogCorruptionException if a block is not as it was written
   */
  ByteBuffer all() {
    int last = count() - 1;
    ByteBuffer all = input.read(offset, last < 0 ? 0 : BlockDirectoryFormat.end(directory, last));
    for (int block = 0; block <= last; block++) {
      int start = BlockDirectoryFormat.start(directory, block);
      check(block, all, start, BlockDirectoryFormat.length(directory, block));
    }
    return all;
  }

  private void check(int block, ByteBuffer bytes, int start, int length) {
    int stored = BlockDirectoryFormat.checksum(directory, block);
    int computed = Checksum.of(bytes, start, length);
    if (stored != computed) {
      throw damaged(
          index + " block checksum mismatch: " + Checksum.mismatch(stored, computed), block);
    }
  }

  private TimelogCorruptionException damaged(String problem, int block) {
    return new TimelogCorruptionException(problem, input.name(), offset(block));
  }
}
