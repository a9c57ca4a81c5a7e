package io.timelog.internal.segment;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.v1.BlockDirectoryFormat;
import io.timelog.internal.storage.SegmentInput;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of one index of a segment. A block is read and checked when it is first used. Any
 * number of threads may read.
 */
final class IndexBlocks {

  /*
   * Blocks are loaded without a lock, as pages are. A buffer has fields that are not final, so it must
   * be published before another thread may use it.
   */

  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(ByteBuffer[].class);

  /** Whether the numbers of a block, whose checksum is right, lead nowhere else. */
  interface Check {
    boolean fits(int block, ByteBuffer bytes);
  }

  private final SegmentInput input;
  private final String index;
  private final long offset;
  private final ByteBuffer directory;
  private final Check fits;
  private final @Nullable ByteBuffer[] blocks;

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
    blocks = new ByteBuffer[BlockDirectoryFormat.blockCount(directory)];
  }

  /** The number of blocks. */
  int count() {
    return blocks.length;
  }

  /** The offset of a block in the segment. */
  long offset(int block) {
    return offset + BlockDirectoryFormat.start(directory, block);
  }

  /** The bytes of a block, from 0 to the limit, if they are read already; else null. */
  @Nullable ByteBuffer blockIfLoaded(int number) {
    return (ByteBuffer) ELEMENT.getAcquire(blocks, number);
  }

  /**
   * The bytes of a block, from 0 to the limit, read and checked if it is used for the first time.
   *
   * @throws TimelogCorruptionException if the block is not as it was written
   */
  ByteBuffer block(int number) {
    ByteBuffer block = blockIfLoaded(number);
    return block != null ? block : load(number);
  }

  private ByteBuffer load(int number) {
    int length = BlockDirectoryFormat.length(directory, number);
    ByteBuffer block = input.read(offset(number), length);
    check(number, block, 0, length);
    if (!fits.fits(number, block)) {
      throw damaged(index + " block does not fit its segment: block=" + number, number);
    }
    ELEMENT.setRelease(blocks, number, block);
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
