package io.timelog.internal.segment;

import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.v1.BlockDirectoryFormat;
import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.format.v1.TimeIndexFormat;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects the timestamps of a segment's rows in key order and sorts them into the time index. */
final class TimeIndexBuilder {

  /*
   * Rows come by key, so the key of a timestamp follows from where the timestamps of each key end.
   * Once the pages are written, time and position of a row are packed into the long that held its
   * timestamp, and the longs are sorted in place: first, by swaps, into buckets of equal stretches
   * of time, then each bucket, which is small unless times are crowded.
   */

  /**
   * A time index.
   *
   * @param blocks its blocks, from 0 to the limit
   * @param directory its directory, from 0 to the limit
   */
  record Encoded(ByteBuffer blocks, ByteBuffer directory) {}

  /** Rows of a strip. Fewer are read faster; the keys of more are nearer to each other. */
  private static final int STRIP_ROWS = 128;

  /** The most bytes that a strip takes, with the zeros behind it if it is the last of a block. */
  private static final int MAX_STRIP_BYTES =
      TimeIndexFormat.blockEnd(
          TimeIndexFormat.ENTRIES_OFFSET + STRIP_ROWS * TimeIndexFormat.MAX_ENTRY_BYTES);

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
   * Encodes the index; one without blocks if there are no rows, or too many. Can be done once.
   *
   * @param keysOfPage for each page, how many keys start in it
   * @param ordinalBits bits of a position that are the ordinal
   * @param min the smallest timestamp
   * @param max the largest timestamp
   */
  Encoded encode(int[] keysOfPage, int ordinalBits, long min, long max) {
    if (tooMany || rowCount == 0) {
      return none();
    }
    int positionBits = TimeIndexFormat.positionBits(keysOfPage.length, ordinalBits);
    int timeShift = TimeIndexFormat.timeShift(max - min, positionBits);
    long[] rows = pack(keysOfPage, ordinalBits, min, timeShift, positionBits);
    sort(rows, rowCount, positionBits + bits((max - min) >>> timeShift));
    int stripCount = (rowCount + STRIP_ROWS - 1) / STRIP_ROWS;
    ByteBuffer directory = TimeIndexFormat.allocateDirectory(stripCount);
    TimeIndexFormat.putHead(directory, stripCount, timeShift);
    ByteBuffer ends = TimeIndexFormat.blocks(directory);
    ByteBuffer blocks = TimeIndexFormat.allocateBlocks(MAX_STRIP_BYTES + 3 * rowCount);
    long[] entries = new long[STRIP_ROWS];
    int blockStart = 0;
    int end = 0;
    for (int strip = 0; strip < stripCount; strip++) {
      int from = strip * STRIP_ROWS;
      int to = Math.min(from + STRIP_ROWS, rowCount);
      long first = rows[from] >>> positionBits;
      long last = rows[to - 1] >>> positionBits;
      int slotShift = Math.max(0, bits(last - first) - SLOT_BITS);
      for (int row = from; row < to; row++) {
        long slot = ((rows[row] >>> positionBits) - first) >>> slotShift;
        entries[row - from] = (rows[row] & ((1L << positionBits) - 1)) << SLOT_BITS | slot;
      }
      Arrays.sort(entries, 0, to - from);
      blocks = withRoom(blocks, end);
      TimeIndexFormat.putSlotShift(blocks, end, slotShift);
      end = putEntries(blocks, end + TimeIndexFormat.ENTRIES_OFFSET, entries, to - from);
      TimeIndexFormat.putStrip(directory, strip, first, end - blockStart);
      if ((strip + 1) % TimeIndexFormat.STRIPS_OF_BLOCK == 0 || strip + 1 == stripCount) {
        end = TimeIndexFormat.blockEnd(end);
        int checksum = Checksum.of(blocks, blockStart, end - blockStart);
        int block = strip / TimeIndexFormat.STRIPS_OF_BLOCK;
        BlockDirectoryFormat.putBlock(ends, block, end, checksum);
        blockStart = end;
      }
    }
    return new Encoded(blocks.limit(end), directory);
  }

  /** What a segment has that is not indexed by time. */
  static Encoded none() {
    return new Encoded(TimeIndexFormat.allocateBlocks(0), TimeIndexFormat.allocateDirectory(0));
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

  private static int putEntries(ByteBuffer blocks, int offset, long[] sorted, int count) {
    int at = offset;
    long position = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        long next = sorted[i] >>> SLOT_BITS;
        blocks.put(at, (byte) sorted[i]);
        at = RowFormat.putVarint(blocks, at + 1, (int) (next - position));
        position = next;
      }
    }
    return at;
  }

  private static ByteBuffer withRoom(ByteBuffer blocks, int used) {
    if (blocks.capacity() - used >= MAX_STRIP_BYTES) {
      return blocks;
    }
    return TimeIndexFormat.allocateBlocks(used + used / 2 + MAX_STRIP_BYTES)
        .put(0, blocks, 0, used);
  }

  /** The bits that an unsigned number takes. */
  private static int bits(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }
}
