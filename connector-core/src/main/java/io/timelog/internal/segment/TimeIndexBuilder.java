package io.timelog.internal.segment;

import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.format.v1.TimeIndexFormat;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the timestamps of a segment's rows in key order and sorts them into the time index. */
final class TimeIndexBuilder {

  /*
   * Rows come by key, so the key of a timestamp follows from where the timestamps of each key end.
   * Once the pages are written, time and position of a row are packed into the long that held its
   * timestamp, and the longs are sorted in place: first, by swaps, into buckets of equal stretches
   * of time, then each bucket, which is small unless times are crowded.
   */

  /** Rows of a block. Fewer are read faster; the keys of more are nearer to each other. */
  private static final int BLOCK_ROWS = 128;

  private static final int SLOT_BITS = 8;

  /** Rows of an average bucket while sorting, at least. */
  private static final int ROWS_PER_BUCKET = 16;

  private final int maxRows;
  private long[] timestamps = new long[64];
  private int[] keyEnds = new int[64];
  private int keyCount;
  private int rowCount;
  private boolean tooMany;

  /** Encodes no index if there are more than {@code maxRows} rows. */
  TimeIndexBuilder(int maxRows) {
    this.maxRows = maxRows;
  }

  /** Goes to the next key. */
  void startKey() {
    if (tooMany) {
      return;
    }
    if (keyCount == keyEnds.length) {
      keyEnds = Arrays.copyOf(keyEnds, 2 * keyCount);
    }
    keyEnds[keyCount++] = rowCount;
  }

  /** Adds the next row of the key; rows come in time order. */
  void add(long timestamp) {
    if (tooMany || (rowCount > keyStart() && timestamps[rowCount - 1] == timestamp)) {
      return;
    }
    if (rowCount == maxRows) {
      tooMany = true;
      timestamps = new long[0];
      keyEnds = new int[0];
      return;
    }
    if (rowCount == timestamps.length) {
      timestamps = Arrays.copyOf(timestamps, 2 * rowCount);
    }
    timestamps[rowCount++] = timestamp;
    keyEnds[keyCount - 1] = rowCount;
  }

  private int keyStart() {
    return keyCount == 1 ? 0 : keyEnds[keyCount - 2];
  }

  /**
   * Encodes the index; null if there are no rows, or too many. Can be done once.
   *
   * @param keysOfPage for each page, how many keys start in it
   * @param ordinalBits bits of a position that are the ordinal
   * @param min the smallest timestamp
   * @param max the largest timestamp
   */
  @Nullable ByteBuffer encode(int[] keysOfPage, int ordinalBits, long min, long max) {
    if (tooMany || rowCount == 0) {
      return null;
    }
    int positionBits = bits(((long) keysOfPage.length << ordinalBits) - 1);
    int timeShift = Math.max(0, bits(max - min) + positionBits - (Long.SIZE - 1));
    long[] rows = pack(keysOfPage, ordinalBits, min, timeShift, positionBits);
    sort(rows, rowCount, positionBits + bits((max - min) >>> timeShift));
    int blockCount = (rowCount + BLOCK_ROWS - 1) / BLOCK_ROWS;
    int end = (int) TimeIndexFormat.blocksOffset(blockCount);
    ByteBuffer index = TimeIndexFormat.allocate(end + 3 * rowCount);
    TimeIndexFormat.putHead(index, blockCount, timeShift);
    long[] block = new long[BLOCK_ROWS];
    for (int i = 0; i < blockCount; i++) {
      int from = i * BLOCK_ROWS;
      int to = Math.min(from + BLOCK_ROWS, rowCount);
      long first = rows[from] >>> positionBits;
      long last = rows[to - 1] >>> positionBits;
      int slotShift = Math.max(0, bits(last - first) - SLOT_BITS);
      for (int row = from; row < to; row++) {
        long slot = ((rows[row] >>> positionBits) - first) >>> slotShift;
        block[row - from] = (rows[row] & ((1L << positionBits) - 1)) << SLOT_BITS | slot;
      }
      Arrays.sort(block, 0, to - from);
      index = withRoom(index, end, BLOCK_ROWS * TimeIndexFormat.MAX_ENTRY_BYTES);
      end = putEntries(index, end, block, to - from);
      TimeIndexFormat.putBlock(index, i, first, end, slotShift);
    }
    return withRoom(index, end, Long.BYTES).limit((int) TimeIndexFormat.length(end));
  }

  /** Time, then position: by the number that these make, rows are sorted. */
  private long[] pack(
      int[] keysOfPage, int ordinalBits, long min, int timeShift, int positionBits) {
    int row = 0;
    int key = 0;
    for (int page = 0; page < keysOfPage.length; page++) {
      for (int ordinal = 0; ordinal < keysOfPage[page]; ordinal++) {
        long position = KeyIndexFormat.position(page, ordinal, ordinalBits);
        for (int end = keyEnds[key++]; row < end; row++) {
          timestamps[row] = ((timestamps[row] - min) >>> timeShift) << positionBits | position;
        }
      }
    }
    return timestamps;
  }

  /** Sorts numbers of {@code bits} bits or less. */
  private static void sort(long[] rows, int count, int bits) {
    int bucketBits = bits(count / ROWS_PER_BUCKET);
    int shift = Math.max(0, bits - bucketBits);
    int[] next = new int[1 << bucketBits];
    for (int row = 0; row < count; row++) {
      next[(int) (rows[row] >>> shift)]++;
    }
    int[] ends = new int[next.length];
    int end = 0;
    for (int bucket = 0; bucket < next.length; bucket++) {
      int start = end;
      end += next[bucket];
      next[bucket] = start;
      ends[bucket] = end;
    }
    int start = 0;
    for (int bucket = 0; bucket < ends.length; bucket++) {
      while (next[bucket] < ends[bucket]) {
        long moved = rows[next[bucket]];
        for (int to = (int) (moved >>> shift); to != bucket; to = (int) (moved >>> shift)) {
          int place = next[to]++;
          long displaced = rows[place];
          rows[place] = moved;
          moved = displaced;
        }
        rows[next[bucket]++] = moved;
      }
      Arrays.sort(rows, start, ends[bucket]);
      start = ends[bucket];
    }
  }

  private static int putEntries(ByteBuffer index, int offset, long[] block, int count) {
    int at = offset;
    long position = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || block[i] != block[i - 1]) {
        long next = block[i] >>> SLOT_BITS;
        index.put(at, (byte) block[i]);
        at = RowFormat.putVarint(index, at + 1, (int) (next - position));
        position = next;
      }
    }
    return at;
  }

  private static ByteBuffer withRoom(ByteBuffer index, int used, int more) {
    if (index.capacity() - used >= more) {
      return index;
    }
    return TimeIndexFormat.allocate(used + used / 2 + more).put(0, index, 0, used);
  }

  /** The bits that an unsigned number takes. */
  private static int bits(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }
}
