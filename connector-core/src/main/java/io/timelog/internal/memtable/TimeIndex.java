package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which keys got a row at which time: what a scan of all keys asks when its range is short against
 * the window.
 *
 * <p>One thread adds. Other threads may ask at the same time and get at least the nodes of every
 * row that was added before their view was taken.
 */
final class TimeIndex {
  /*
   * A list of pairs (time, node) in the order in which they arrived, in blocks, each with the smallest
   * and the largest of its times. Entries arrive nearly in order of time, so a short range touches few
   * blocks; where they do not, it looks at every pair, which is still a thousand times cheaper than to
   * look at the rows of every key. A list in order of arrival is only ever appended to: nothing is moved,
   * and a reader needs no more than the number of pairs that are complete.
   *
   * Pairs of rows that are gone stay: they lead to a key whose chain then has nothing in the range. They
   * count as garbage, and go when the window is rewritten.
   *
   *   offset  size  field        meaning
   *        0     4  prev         the block before; 0 for the first
   *        4     4  count        pairs that are complete
   *        8     4  capacity     pairs that there is room for
   *       12     4  min          smallest time of the block
   *       16     4  max          largest time of the block
   *       20     4  maxBefore    largest time of all blocks before; -1 for the first
   *       24     8  pairs        time and place, node
   *
   * A time is 21 bits, counted from the start of the window, in units of the smallest power of two ticks
   * with which the window fits. The other 11 bits are the place: how far from the first row of its chunk
   * the row was written, in units of 16 bytes. With it the row is found without a search as long as it
   * has not moved, and rows that come in order do not.
   */

  /** What the index keeps of one row. */
  static final int PAIR_BYTES = 2 * Integer.BYTES;

  private static final int PREV = 0;
  private static final int COUNT = 4;
  private static final int CAPACITY = 8;
  private static final int MIN = 12;
  private static final int MAX = 16;
  private static final int MAX_BEFORE = 20;
  private static final int PAIRS = 24;

  private static final int TIME_BITS = 21;
  private static final int PLACE_BITS = Integer.SIZE - TIME_BITS;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;
  private static final int PLACE_SHIFT = 4;
  private static final int MIN_PAIRS = 13;
  private static final int MAX_PAIRS = 1021;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final long first;
  private final int shift;
  private volatile int tail = Arena.NONE;
  private int size;

  // What the writer knows of the tail, so that adding a pair reads nothing.
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private int start;
  private int count;
  private int capacity;
  private int min;
  private int max;

  /** An empty index of a window from {@code first} to {@code last}, both included. */
  TimeIndex(Arena arena, long first, long last) {
    this.arena = arena;
    this.first = first;
    this.shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(last - first) - TIME_BITS);
  }

  /** Number of pairs, those of rows that are gone included. */
  int size() {
    return size;
  }

  /** At most the bytes of blocks that {@link #makeRoom} allocates. */
  long bytesForOneMore() {
    return bytesOf(hasRoom() ? 0 : nextCapacity());
  }

  /** As {@link #bytesForOneMore}, for an empty index. */
  static long bytesForNew() {
    return bytesOf(MIN_PAIRS);
  }

  private static int bytesOf(int pairs) {
    return pairs == 0 ? 0 : PAIRS + pairs * PAIR_BYTES;
  }

  private boolean hasRoom() {
    return count < capacity;
  }

  private int nextCapacity() {
    return Math.min(MAX_PAIRS, Math.max(MIN_PAIRS, size / 2));
  }

  /**
   * Sees to it that the next {@link #add} finds room.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is none; nothing changed
   */
  void makeRoom() {
    if (hasRoom()) {
      return;
    }
    int pairs = nextCapacity();
    int before = tail;
    int block = arena.allocate(bytesOf(pairs));
    ByteBuffer next = arena.buffer(block);
    int at = Arena.offset(block);
    next.putInt(at + PREV, before);
    next.putInt(at + COUNT, 0);
    next.putInt(at + CAPACITY, pairs);
    next.putInt(at + MIN, Integer.MAX_VALUE);
    next.putInt(at + MAX, -1);
    next.putInt(at + MAX_BEFORE, before == Arena.NONE ? -1 : maxUntil(before));
    enter(block);
    tail = block;
  }

  private void enter(int block) {
    buffer = arena.buffer(block);
    start = Arena.offset(block);
    count = buffer.getInt(start + COUNT);
    capacity = buffer.getInt(start + CAPACITY);
    min = buffer.getInt(start + MIN);
    max = buffer.getInt(start + MAX);
  }

  private int maxUntil(int block) {
    ByteBuffer of = arena.buffer(block);
    int at = Arena.offset(block);
    return Math.max(of.getInt(at + MAX), of.getInt(at + MAX_BEFORE));
  }

  /**
   * Adds a row for which {@link #makeRoom} made room.
   *
   * @param offset where in its chunk the row was written
   */
  void add(int node, long timestamp, int offset) {
    int time = time(timestamp);
    int pair = start + PAIRS + count * PAIR_BYTES;
    buffer.putInt(pair, time << PLACE_BITS | Math.min(offset >>> PLACE_SHIFT, PLACE_MASK));
    buffer.putInt(pair + Integer.BYTES, node);
    if (time < min) {
      min = time;
      buffer.putInt(start + MIN, time);
    }
    if (time > max) {
      max = time;
      buffer.putInt(start + MAX, time);
    }
    count++;
    size++;
    INT.setRelease(buffer, start + COUNT, count);
  }

  private int time(long timestamp) {
    return (int) ((timestamp - first) >>> shift);
  }

  /**
   * A {@link Sighting} of every row that was added with a time in the closed range, which lies in
   * the window, and perhaps of some close to it. Its offset is at most 15 bytes before that of the
   * row. Null if they are more than {@code limit}.
   */
  long @Nullable [] sightings(long from, long to, int limit) {
    int low = time(from);
    int high = time(to);
    long[] found = new long[Math.min(64, limit)];
    int kept = 0;
    int block = tail;
    while (block != Arena.NONE) {
      ByteBuffer of = arena.buffer(block);
      int at = Arena.offset(block);
      int pairs = (int) INT.getAcquire(of, at + COUNT);
      if (of.getInt(at + MIN) <= high && of.getInt(at + MAX) >= low) {
        int end = at + PAIRS + pairs * PAIR_BYTES;
        for (int pair = at + PAIRS; pair < end; pair += PAIR_BYTES) {
          int timeAndPlace = of.getInt(pair);
          int time = timeAndPlace >>> PLACE_BITS;
          if (low <= time && time <= high) {
            if (kept == found.length) {
              if (kept >= limit) {
                return null;
              }
              found = Arrays.copyOf(found, (int) Math.min(2L * kept, limit));
            }
            int offset = (timeAndPlace & PLACE_MASK) << PLACE_SHIFT;
            found[kept++] = Sighting.of(of.getInt(pair + Integer.BYTES), offset);
          }
        }
      }
      block = of.getInt(at + MAX_BEFORE) < low ? Arena.NONE : of.getInt(at + PREV);
    }
    return Arrays.copyOf(found, kept);
  }

  /** Puts the pairs in order of time. For the writer, as long as there are no readers. */
  void sort() {
    long[] pairs = new long[size];
    int read = 0;
    for (int block = tail; block != Arena.NONE; ) {
      ByteBuffer of = arena.buffer(block);
      int at = Arena.offset(block);
      int end = at + PAIRS + of.getInt(at + COUNT) * PAIR_BYTES;
      for (int pair = at + PAIRS; pair < end; pair += PAIR_BYTES) {
        // The sign bit is part of the time, so that the order of signed numbers would be another.
        long timeAndPlace = of.getInt(pair) ^ Integer.MIN_VALUE;
        pairs[read++] =
            (timeAndPlace << Integer.SIZE)
                | Integer.toUnsignedLong(of.getInt(pair + Integer.BYTES));
      }
      block = of.getInt(at + PREV);
    }
    Arrays.sort(pairs);
    int end = read;
    for (int block = tail; block != Arena.NONE; ) {
      ByteBuffer of = arena.buffer(block);
      int at = Arena.offset(block);
      int from = end - of.getInt(at + COUNT);
      for (int i = from; i < end; i++) {
        int pair = at + PAIRS + (i - from) * PAIR_BYTES;
        of.putInt(pair, timeAndPlaceOf(pairs[i]));
        of.putInt(pair + Integer.BYTES, (int) pairs[i]);
      }
      of.putInt(at + MIN, from == end ? Integer.MAX_VALUE : timeOf(pairs[from]));
      of.putInt(at + MAX, from == end ? -1 : timeOf(pairs[end - 1]));
      of.putInt(at + MAX_BEFORE, from == 0 ? -1 : timeOf(pairs[from - 1]));
      end = from;
      block = of.getInt(at + PREV);
    }
    if (tail != Arena.NONE) {
      enter(tail);
    }
  }

  private static int timeAndPlaceOf(long pair) {
    return (int) (pair >>> Integer.SIZE) ^ Integer.MIN_VALUE;
  }

  private static int timeOf(long pair) {
    return timeAndPlaceOf(pair) >>> PLACE_BITS;
  }
}
