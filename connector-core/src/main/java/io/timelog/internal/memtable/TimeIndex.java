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
   *       24     8  pairs        time, node
   *
   * A time is 31 bits, counted from the start of the window, in units of the smallest power of two ticks
   * with which the window fits.
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

  private static final int TIME_BITS = 31;
  private static final int MIN_PAIRS = 13;
  private static final int MAX_PAIRS = 1021;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final long first;
  private final int shift;
  private volatile int tail = Arena.NONE;
  private int size;

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
    int block = tail;
    if (block == Arena.NONE) {
      return false;
    }
    ByteBuffer buffer = arena.buffer(block);
    int start = Arena.offset(block);
    return buffer.getInt(start + COUNT) < buffer.getInt(start + CAPACITY);
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
    int capacity = nextCapacity();
    int before = tail;
    int block = arena.allocate(bytesOf(capacity));
    ByteBuffer buffer = arena.buffer(block);
    int start = Arena.offset(block);
    buffer.putInt(start + PREV, before);
    buffer.putInt(start + COUNT, 0);
    buffer.putInt(start + CAPACITY, capacity);
    buffer.putInt(start + MIN, Integer.MAX_VALUE);
    buffer.putInt(start + MAX, -1);
    buffer.putInt(start + MAX_BEFORE, before == Arena.NONE ? -1 : maxUntil(before));
    tail = block;
  }

  private int maxUntil(int block) {
    ByteBuffer buffer = arena.buffer(block);
    int start = Arena.offset(block);
    return Math.max(buffer.getInt(start + MAX), buffer.getInt(start + MAX_BEFORE));
  }

  /** Adds a row for which {@link #makeRoom} made room. */
  void add(int node, long timestamp) {
    int block = tail;
    add(arena.buffer(block), Arena.offset(block), node, time(timestamp));
  }

  private void add(ByteBuffer buffer, int start, int node, int time) {
    int count = buffer.getInt(start + COUNT);
    int pair = start + PAIRS + count * PAIR_BYTES;
    buffer.putInt(pair, time);
    buffer.putInt(pair + Integer.BYTES, node);
    if (time < buffer.getInt(start + MIN)) {
      buffer.putInt(start + MIN, time);
    }
    if (time > buffer.getInt(start + MAX)) {
      buffer.putInt(start + MAX, time);
    }
    INT.setRelease(buffer, start + COUNT, count + 1);
    size++;
  }

  private int time(long timestamp) {
    return (int) ((timestamp - first) >>> shift);
  }

  /**
   * The nodes that got a row in the closed range, which lies in the window; some more than once,
   * perhaps some more. Null if they are more than {@code limit}.
   */
  int @Nullable [] nodes(long from, long to, int limit) {
    int low = time(from);
    int high = time(to);
    int[] found = new int[Math.min(64, limit)];
    int count = 0;
    int block = tail;
    while (block != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(block);
      int start = Arena.offset(block);
      int pairs = (int) INT.getAcquire(buffer, start + COUNT);
      if (buffer.getInt(start + MIN) <= high && buffer.getInt(start + MAX) >= low) {
        int end = start + PAIRS + pairs * PAIR_BYTES;
        for (int pair = start + PAIRS; pair < end; pair += PAIR_BYTES) {
          int time = buffer.getInt(pair);
          if (low <= time && time <= high) {
            if (count == found.length) {
              if (count >= limit) {
                return null;
              }
              found = Arrays.copyOf(found, (int) Math.min(2L * count, limit));
            }
            found[count++] = buffer.getInt(pair + Integer.BYTES);
          }
        }
      }
      block = buffer.getInt(start + MAX_BEFORE) < low ? Arena.NONE : buffer.getInt(start + PREV);
    }
    return Arrays.copyOf(found, count);
  }

  /** Puts the pairs in order of time. For the writer, as long as there are no readers. */
  void sort() {
    long[] pairs = new long[size];
    int count = 0;
    for (int block = tail; block != Arena.NONE; ) {
      ByteBuffer buffer = arena.buffer(block);
      int start = Arena.offset(block);
      int end = start + PAIRS + buffer.getInt(start + COUNT) * PAIR_BYTES;
      for (int pair = start + PAIRS; pair < end; pair += PAIR_BYTES) {
        long time = buffer.getInt(pair);
        pairs[count++] =
            (time << Integer.SIZE) | Integer.toUnsignedLong(buffer.getInt(pair + Integer.BYTES));
      }
      block = buffer.getInt(start + PREV);
    }
    Arrays.sort(pairs);
    size = 0;
    int next = count;
    for (int block = tail; block != Arena.NONE; ) {
      ByteBuffer buffer = arena.buffer(block);
      int start = Arena.offset(block);
      int inBlock = buffer.getInt(start + COUNT);
      next -= inBlock;
      buffer.putInt(start + COUNT, 0);
      buffer.putInt(start + MIN, Integer.MAX_VALUE);
      buffer.putInt(start + MAX, -1);
      for (int i = next; i < next + inBlock; i++) {
        add(buffer, start, (int) pairs[i], (int) (pairs[i] >>> Integer.SIZE));
      }
      buffer.putInt(start + MAX_BEFORE, next == 0 ? -1 : (int) (pairs[next - 1] >>> Integer.SIZE));
      block = buffer.getInt(start + PREV);
    }
  }
}
