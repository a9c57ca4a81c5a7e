package io.timelog.internal.format.v1;

import java.nio.ByteBuffer;

/**
 * Layout of the time index, which finds the keys that have rows in a range of time. Only segments
 * of tables that index time have one.
 *
 * <pre>
 *   offset  size  field
 *        0     4  count of blocks b, at least 1
 *        4     1  s: low bits of a time that are left out
 *        5     3  0
 *        8   16b  directory: an entry for each block, times ascending:
 *                    0  8  first time of the block
 *                    8  4  offset after the block in this section
 *                   12  1  u: low bits of a time in the block that are left out
 *                   13  3  0
 *    8+16b        blocks, one after the other, each of entries that ascend by position, then slot:
 *                    0  1  slot: (time - first time of the block) >>> u
 *                    1  v  position of the key, less that of the entry before in the block (unsigned
 *                          LEB128 varint, 1 to 5 bytes)
 *                 zeros up to a multiple of 8
 * </pre>
 *
 * <p>The time of a row is (timestamp - smallest timestamp of the segment) >>> s, as an unsigned
 * number. A position is that of the {@linkplain KeyIndexFormat key index}. A block holds rows from
 * its first time to the first time of the next block, both included. Rows of one key in one slot
 * share an entry.
 *
 * <p>A reader searches the directory and decodes the blocks that its range touches. It may be led
 * to a key that has no row in the range, by the bits that are left out: at each end of the range,
 * to the rows of one slot, of which a block has {@value #SLOTS}.
 *
 * <p>With 128 rows in a block, a row costs one byte for its slot, an eighth of one in the
 * directory, and for its key about one byte among up to 10,000 keys, two among up to a million: two
 * to three and a half bytes.
 */
public final class TimeIndexFormat {
  /** Slots that the times of a block fall into. */
  public static final int SLOTS = 256;

  /** The most bytes that an entry takes. */
  public static final int MAX_ENTRY_BYTES = 6;

  private static final int BLOCK_COUNT_OFFSET = 0;
  private static final int TIME_SHIFT_OFFSET = BLOCK_COUNT_OFFSET + Integer.BYTES;
  private static final int DIRECTORY_OFFSET = 8;
  private static final int DIRECTORY_ENTRY_BYTES = 16;
  private static final int FIRST_TIME_OFFSET = 0;
  private static final int END_OFFSET = FIRST_TIME_OFFSET + Long.BYTES;
  private static final int SLOT_SHIFT_OFFSET = END_OFFSET + Integer.BYTES;

  private TimeIndexFormat() {}

  /** The offset of the first block. */
  public static long blocksOffset(int blockCount) {
    return DIRECTORY_OFFSET + (long) DIRECTORY_ENTRY_BYTES * blockCount;
  }

  /** The length in bytes of an index whose last block ends at {@code end}. */
  public static long length(long end) {
    return Sections.align(end);
  }

  /** A zeroed buffer of this length. */
  public static ByteBuffer allocate(int length) {
    return Sections.allocate(length);
  }

  /** Writes what comes before the directory. */
  public static void putHead(ByteBuffer index, int blockCount, int timeShift) {
    index.putInt(BLOCK_COUNT_OFFSET, blockCount);
    index.put(TIME_SHIFT_OFFSET, (byte) timeShift);
  }

  /** Writes the directory entry of a block. */
  public static void putBlock(ByteBuffer index, int block, long firstTime, int end, int slotShift) {
    int at = entry(block);
    index.putLong(at + FIRST_TIME_OFFSET, firstTime);
    index.putInt(at + END_OFFSET, end);
    index.put(at + SLOT_SHIFT_OFFSET, (byte) slotShift);
  }

  /** The number of blocks. */
  public static int blockCount(ByteBuffer index) {
    return index.getInt(BLOCK_COUNT_OFFSET);
  }

  /** s: low bits of a time that are left out. */
  public static int timeShift(ByteBuffer index) {
    return index.get(TIME_SHIFT_OFFSET);
  }

  /** The first time of a block. */
  public static long firstTime(ByteBuffer index, int block) {
    return index.getLong(entry(block) + FIRST_TIME_OFFSET);
  }

  /** The offset of a block. */
  public static int start(ByteBuffer index, int block) {
    return block == 0 ? (int) blocksOffset(blockCount(index)) : end(index, block - 1);
  }

  /** The offset after a block. */
  public static int end(ByteBuffer index, int block) {
    return index.getInt(entry(block) + END_OFFSET);
  }

  /** u: low bits of a time in the block that are left out. */
  public static int slotShift(ByteBuffer index, int block) {
    return index.get(entry(block) + SLOT_SHIFT_OFFSET);
  }

  private static int entry(int block) {
    return DIRECTORY_OFFSET + DIRECTORY_ENTRY_BYTES * block;
  }
}
