package io.timelog.internal.format.v1;

import java.nio.ByteBuffer;

/**
 * Layout of the time index, which finds the keys that have rows in a range of time. Only segments
 * of tables that index time have one. Rows are cut into strips by time, of which a reader decodes
 * those that its range touches. {@value #STRIPS_OF_BLOCK} strips are a block, the last one perhaps
 * fewer; a block ends with zeros up to a multiple of 8.
 *
 * <p>A strip:
 *
 * <pre>
 *   offset  size  field
 *        0     1  u: low bits of a time in the strip that are left out
 *        1        entries that ascend by position, then slot:
 *                    0  1  slot: (time - first time of the strip) >>> u
 *                    1  v  position of the key, less that of the entry before in the strip (unsigned
 *                          LEB128 varint, 1 to 5 bytes)
 * </pre>
 *
 * <p>The directory of r strips in b blocks, times ascending:
 *
 * <pre>
 *   offset  size  field
 *        0     4  count of strips r, at least 1
 *        4     1  s: low bits of a time that are left out
 *        5     3  0
 *        8    8r  first time of each strip (i64)
 *     8+8r    4r  end of each strip (i32): the offset after it in its block
 *                 zeros up to a multiple of 8
 *              8b  end and checksum of each block, see {@link BlockDirectoryFormat}
 * </pre>
 *
 * <p>The time of a row is (timestamp - smallest timestamp of the segment) >>> s, as an unsigned
 * number. s is the fewest bits without which a time and a position fit 63 bits together. A position
 * is that of the {@linkplain KeyIndexFormat key index}. A strip holds rows from its first time to
 * the first time of the next strip, both included. Rows of one key in one slot share an entry.
 *
 * <p>A reader may be led to a key that has no row in the range, by the bits that are left out: at
 * each end of the range, to the rows of one slot, of which a strip has {@value #SLOTS}.
 *
 * <p>With 128 rows in a strip, a row costs one byte for its slot, a tenth of one in the directory,
 * and for its key about one byte among up to 10,000 keys, two among up to a million: two to three
 * and a half bytes. A block of such strips has 4 to 7 KiB.
 */
public final class TimeIndexFormat {
  /** Slots that the times of a strip fall into. */
  public static final int SLOTS = 256;

  /** Strips of a block. */
  public static final int STRIPS_OF_BLOCK = 16;

  /** The most bytes that an entry takes. */
  public static final int MAX_ENTRY_BYTES = 6;

  /** The fewest bytes that a strip takes. */
  public static final int MIN_STRIP_BYTES = 3;

  /** The offset of the first entry of a strip. */
  public static final int ENTRIES_OFFSET = 1;

  private static final int STRIP_COUNT_OFFSET = 0;
  private static final int TIME_SHIFT_OFFSET = STRIP_COUNT_OFFSET + Integer.BYTES;
  private static final int FIRST_TIMES_OFFSET = 8;

  private TimeIndexFormat() {}

  /** The bits that a position takes. */
  public static int positionBits(int pageCount, int ordinalBits) {
    return bits(((long) pageCount << ordinalBits) - 1);
  }

  /**
   * s: low bits of a time that are left out.
   *
   * @param span the largest timestamp less the smallest, unsigned
   */
  public static int timeShift(long span, int positionBits) {
    return Math.max(0, bits(span) + positionBits - (Long.SIZE - 1));
  }

  /** A zeroed buffer for blocks of this length. */
  public static ByteBuffer allocateBlocks(int length) {
    return Sections.allocate(length);
  }

  /** The offset after a block whose last strip ends at {@code end}. */
  public static int blockEnd(int end) {
    return (int) Sections.align(end);
  }

  /** The number of blocks that so many strips are in. */
  public static int blockCount(int stripCount) {
    return stripCount / STRIPS_OF_BLOCK + (stripCount % STRIPS_OF_BLOCK == 0 ? 0 : 1);
  }

  /** Writes what comes before the entries of the strip that starts at {@code strip}. */
  public static void putSlotShift(ByteBuffer blocks, int strip, int slotShift) {
    blocks.put(strip, (byte) slotShift);
  }

  /** u: low bits of a time in the strip that starts at {@code strip} which are left out. */
  public static int slotShift(ByteBuffer block, int strip) {
    return block.get(strip);
  }

  /** The length in bytes of a directory, which may be too long for one section. */
  public static long directoryLength(int stripCount) {
    return stripCount == 0
        ? 0
        : blocksOffset(stripCount)
            + (long) BlockDirectoryFormat.ENTRY_BYTES * blockCount(stripCount);
  }

  private static long blocksOffset(int stripCount) {
    return Sections.align(FIRST_TIMES_OFFSET + (long) (Long.BYTES + Integer.BYTES) * stripCount);
  }

  /** A zeroed buffer for the directory of {@code stripCount} strips. */
  public static ByteBuffer allocateDirectory(int stripCount) {
    return Sections.allocate(Math.toIntExact(directoryLength(stripCount)));
  }

  /** Writes what comes before the first times. */
  public static void putHead(ByteBuffer directory, int stripCount, int timeShift) {
    directory.putInt(STRIP_COUNT_OFFSET, stripCount);
    directory.put(TIME_SHIFT_OFFSET, (byte) timeShift);
  }

  /** The number of strips; 0 if there is no index. */
  public static int stripCount(ByteBuffer directory) {
    return directory.limit() == 0 ? 0 : directory.getInt(STRIP_COUNT_OFFSET);
  }

  /** s: low bits of a time that are left out; 0 if there is no index. */
  public static int timeShift(ByteBuffer directory) {
    return directory.limit() == 0 ? 0 : directory.get(TIME_SHIFT_OFFSET);
  }

  /** Writes the first time of a strip, and where it ends in its block. */
  public static void putStrip(ByteBuffer directory, int strip, long firstTime, int end) {
    directory.putLong(FIRST_TIMES_OFFSET + Long.BYTES * strip, firstTime);
    directory.putInt(endOffset(stripCount(directory), strip), end);
  }

  /** The first time of a strip. */
  public static long firstTime(ByteBuffer directory, int strip) {
    return directory.getLong(FIRST_TIMES_OFFSET + Long.BYTES * strip);
  }

  /** The offset of a strip in its block. */
  public static int stripStart(ByteBuffer directory, int stripCount, int strip) {
    return strip % STRIPS_OF_BLOCK == 0 ? 0 : stripEnd(directory, stripCount, strip - 1);
  }

  /** The offset after a strip in its block. */
  public static int stripEnd(ByteBuffer directory, int stripCount, int strip) {
    return directory.getInt(endOffset(stripCount, strip));
  }

  private static int endOffset(int stripCount, int strip) {
    return FIRST_TIMES_OFFSET + Long.BYTES * stripCount + Integer.BYTES * strip;
  }

  /** The part of a directory that says where blocks end, see {@link BlockDirectoryFormat}. */
  public static ByteBuffer blocks(ByteBuffer directory) {
    int stripCount = stripCount(directory);
    int start = stripCount == 0 ? 0 : (int) blocksOffset(stripCount);
    return directory.slice(start, directory.limit() - start).order(directory.order());
  }

  /** The bits that an unsigned number takes. */
  private static int bits(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }
}
