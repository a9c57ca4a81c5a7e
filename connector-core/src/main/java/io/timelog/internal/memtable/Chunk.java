package io.timelog.internal.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Layout of a chunk in the arena of a window: a block with rows of one key, in order. There is no
 * object for it, only the buffer and the place where it starts. Integers are little-endian, blocks
 * are aligned to 8.
 *
 * <p>The {@link KeyNode} of the key leads to its newest chunk. The current chunks are linked from
 * the newest to the oldest, and do not overlap in time. A reader that is older than a chunk goes on
 * with the chunk that was in its place, if there was one, and from there to what was below that.
 *
 * <pre>
 *   offset   size  field      meaning
 *        0      4  prev       the next older chunk; 0 for the oldest
 *        4      4  created    version at which the chunk was written
 *        8      4  old        what readers older than {@code created} see in its place; 0 for nothing
 *       12      4  used       bytes of rows, u
 *       16      4  capacity   bytes that rows and stamps may take, c
 *       20      4  last       where the last row starts, counted from the first; -1 if there is none.
 *                           Among rows of one size, where that follows from their number: the
 *                           first four bytes of the last row, which are its time if times are narrow
 *       24      4  stride     size of every row; if they differ the number of rows, negative, or 0 if
 *                           that is not known
 *       28      4  chain      capacities of this chunk and all older ones in units of 16, saturated;
 *                           in the lowest five bits the number of stamps, s
 *       32      u  rows
 *   32+c-8s    8s  stamps, the first one last
 * </pre>
 *
 * <p>A <em>stamp</em> is a version in its upper and a number of bytes in its lower half: readers
 * older than the version see rows up to that number of bytes. It lets rows be added to a chunk that
 * an open reader sees.
 *
 * <p>A <em>row</em> is its timestamp (4 bytes unsigned, counted from the start of the window, where
 * the window spans at most 2^32 ticks; else 8 bytes), a varint of {@code payload length * 2 +
 * tombstone}, and the payload of {@link io.timelog.internal.row.RowFormat}.
 */
final class Chunk {
  static final int ROWS = 32;

  /** The newest version that anything is written at. */
  static final int MAX_VERSION = Integer.MAX_VALUE - 2;

  /** So many times rows may be added to a chunk that a reader sees. */
  static final int MAX_STAMPS = 31;

  static final int STAMP_BYTES = Long.BYTES;

  private static final int PREV = 0;
  private static final int CREATED = 4;
  private static final int OLD = 8;
  private static final int USED = 12;
  private static final int CAPACITY = 16;
  private static final int LAST = 20;
  private static final int STRIDE = 24;
  private static final int CHAIN = 28;

  private static final int CHAIN_UNIT = 16;
  private static final int MAX_CHAIN = (1 << 27) - 1;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Chunk() {}

  /**
   * A version as it is stamped, counted from the base version of the window: -1 if it is older, and
   * {@link #MAX_VERSION} if it is too far away.
   */
  static int relativeVersion(long version, long baseVersion) {
    long distance = version - baseVersion;
    return distance < 0 ? -1 : (int) Math.min(distance, MAX_VERSION);
  }

  static void init(ByteBuffer buffer, int chunk, int created, int capacity, int chain) {
    buffer.putInt(chunk + PREV, 0);
    buffer.putInt(chunk + CREATED, created);
    buffer.putInt(chunk + OLD, 0);
    buffer.putInt(chunk + USED, 0);
    buffer.putInt(chunk + CAPACITY, capacity);
    buffer.putInt(chunk + LAST, -1);
    buffer.putInt(chunk + STRIDE, 0);
    buffer.putInt(chunk + CHAIN, Math.min(chain / CHAIN_UNIT, MAX_CHAIN) * (MAX_STAMPS + 1));
  }

  static int prev(ByteBuffer buffer, int chunk) {
    return (int) INT.getAcquire(buffer, chunk + PREV);
  }

  static void publishPrev(ByteBuffer buffer, int chunk, int prev) {
    INT.setRelease(buffer, chunk + PREV, prev);
  }

  static int created(ByteBuffer buffer, int chunk) {
    return buffer.getInt(chunk + CREATED);
  }

  static int old(ByteBuffer buffer, int chunk) {
    return buffer.getInt(chunk + OLD);
  }

  /** Before the chunk is published. */
  static void setOld(ByteBuffer buffer, int chunk, int old) {
    buffer.putInt(chunk + OLD, old);
  }

  static int stamps(ByteBuffer buffer, int chunk) {
    return buffer.getInt(chunk + CHAIN) & MAX_STAMPS;
  }

  /** Forgets the stamps of a chunk that no open reader sees rows of. */
  static void clearStamps(ByteBuffer buffer, int chunk) {
    int chain = buffer.getInt(chunk + CHAIN);
    if ((chain & MAX_STAMPS) != 0) {
      buffer.putInt(chunk + CHAIN, chain & ~MAX_STAMPS);
    }
  }

  /** The version at which rows were last added to the chunk after a reader had seen it. */
  static int written(ByteBuffer buffer, int chunk) {
    int written = created(buffer, chunk);
    int stamps = stamps(buffer, chunk);
    for (int number = 1; number <= stamps; number++) {
      written = Math.max(written, (int) (stamp(buffer, chunk, number) >>> Integer.SIZE));
    }
    return written;
  }

  /** The least number of bytes of rows in a stamp, of a chunk that has any. */
  static int usedBeforeStamps(ByteBuffer buffer, int chunk) {
    int least = Integer.MAX_VALUE;
    int stamps = stamps(buffer, chunk);
    for (int number = 1; number <= stamps; number++) {
      least = Math.min(least, (int) stamp(buffer, chunk, number));
    }
    return least;
  }

  /** A stamp that hides nothing from readers of a version; the next new one if there is none. */
  static int stampToWrite(ByteBuffer buffer, int chunk, int oldestReader) {
    int stamps = stamps(buffer, chunk);
    for (int number = 1; number <= stamps; number++) {
      if ((int) (stamp(buffer, chunk, number) >>> Integer.SIZE) <= oldestReader) {
        return number;
      }
    }
    return stamps + 1;
  }

  private static long stamp(ByteBuffer buffer, int chunk, int number) {
    int place = chunk + ROWS + capacity(buffer, chunk) - number * STAMP_BYTES;
    return (long) LONG.getOpaque(buffer, place);
  }

  /** Hides the rows that are added from now on from readers older than the version. */
  static void publishStamp(ByteBuffer buffer, int chunk, int number, int version) {
    int place = chunk + ROWS + capacity(buffer, chunk) - number * STAMP_BYTES;
    LONG.setOpaque(buffer, place, ((long) version << Integer.SIZE) | used(buffer, chunk));
    int stamps = Math.max(number, stamps(buffer, chunk));
    INT.setRelease(buffer, chunk + CHAIN, (buffer.getInt(chunk + CHAIN) & ~MAX_STAMPS) | stamps);
  }

  /** How many bytes of rows a reader sees that sees the chunk. */
  static int usedAt(ByteBuffer buffer, int chunk, int version) {
    /*
     * The writer stamps first and adds then, so whoever finds rows that are too new for him finds the
     * stamp that hides them. As long as there are readers no stamp that hides something from one of them
     * is changed, and the place of a stamp is not used for anything else. Several stamps may hide rows;
     * the one with the fewest bytes is the oldest of those.
     */
    int used = (int) INT.getAcquire(buffer, chunk + USED);
    int stamps = (int) INT.getAcquire(buffer, chunk + CHAIN) & MAX_STAMPS;
    for (int number = 1; number <= stamps; number++) {
      long stamp = stamp(buffer, chunk, number);
      if ((int) (stamp >>> Integer.SIZE) > version) {
        used = Math.min(used, (int) stamp);
      }
    }
    return used;
  }

  static int used(ByteBuffer buffer, int chunk) {
    return buffer.getInt(chunk + USED);
  }

  static int capacity(ByteBuffer buffer, int chunk) {
    return buffer.getInt(chunk + CAPACITY);
  }

  /** Of a chunk without stamps that no reader sees rows of. */
  static void setCapacity(ByteBuffer buffer, int chunk, int capacity) {
    buffer.putInt(chunk + CAPACITY, capacity);
  }

  /** Where the last row starts, counted from the first; negative if there is none. */
  static int lastRow(ByteBuffer buffer, int chunk) {
    int stride = stride(buffer, chunk);
    return stride > 0 ? used(buffer, chunk) - stride : buffer.getInt(chunk + LAST);
  }

  /** The first four bytes of the last row, of a chunk of rows of one size that has any. */
  static int lastTime(ByteBuffer buffer, int chunk) {
    return buffer.getInt(chunk + LAST);
  }

  /** The size of every row; 0 if they differ. */
  static int stride(ByteBuffer buffer, int chunk) {
    return Math.max(0, buffer.getInt(chunk + STRIDE));
  }

  /** The number of rows; -1 if they differ in size and were not counted. For the writer. */
  static int rows(ByteBuffer buffer, int chunk) {
    int stride = buffer.getInt(chunk + STRIDE);
    if (stride > 0) {
      return used(buffer, chunk) / stride;
    }
    return stride < 0 ? -stride : used(buffer, chunk) == 0 ? 0 : -1;
  }

  /**
   * What is given to {@link #setRows} as stride of rows that differ in size.
   *
   * @param rows their number; -1 if they were not counted
   */
  static int unlike(int rows) {
    return Math.min(0, -rows);
  }

  static int chain(ByteBuffer buffer, int chunk) {
    int units = buffer.getInt(chunk + CHAIN) >>> 5;
    return units == MAX_CHAIN ? Integer.MAX_VALUE : units * CHAIN_UNIT;
  }

  /**
   * Sets how many bytes of rows there are, and what is known of them.
   *
   * @param lastRow where the last of them starts, counted from the first; negative without rows
   * @param stride the size of every row, or what {@link #unlike} says
   */
  static void setRows(ByteBuffer buffer, int chunk, int used, int lastRow, int stride) {
    int last = stride > 0 && lastRow >= 0 ? buffer.getInt(chunk + ROWS + lastRow) : lastRow;
    buffer.putInt(chunk + LAST, last);
    buffer.putInt(chunk + STRIDE, stride);
    INT.setRelease(buffer, chunk + USED, used);
  }
}
