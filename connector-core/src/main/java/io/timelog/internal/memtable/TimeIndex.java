package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
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
   * What is known of the blocks stands apart from them, side by side in an array, so that a search goes
   * over it and not from block to block, each of which would be a cache miss:
   *
   *   block      where the pairs are
   *   count      pairs that are complete
   *   min        smallest time of the block
   *   max        largest time of the block
   *   maxBefore  largest time of all blocks before; -1 for the first
   *
   * A pair is 4 bytes of time and place, and 4 bytes of the node. A time is 21 bits, counted from the
   * start of the window, in units of the smallest power of two ticks with which the window fits. The
   * other 11 bits are the place: how far from the first row of its chunk the row was written, in units of
   * 16 bytes. With it the row is found without a search as long as it has not moved, and rows that come
   * in order do not.
   */

  /** What the index keeps of one row. */
  static final int PAIR_BYTES = 2 * Integer.BYTES;

  private static final int BLOCK = 0;
  private static final int COUNT = 1;
  private static final int MIN = 2;
  private static final int MAX = 3;
  private static final int MAX_BEFORE = 4;
  private static final int FIELDS = 5;

  private static final int TIME_BITS = 21;
  private static final int PLACE_BITS = Integer.SIZE - TIME_BITS;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;
  private static final int PLACE_SHIFT = 4;

  /** An offset at which no row of a chunk with several begins: the row is to be looked for. */
  static final int NOWHERE = PLACE_MASK << PLACE_SHIFT;

  private static final int MIN_PAIRS = 16;
  private static final int MAX_PAIRS = 1024;

  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

  private final Arena arena;
  private final long first;
  private final int shift;
  private int size;

  /** {@link #FIELDS} of each block. Replaced when it is full, before there are more blocks. */
  private volatile int[] blocks = new int[FIELDS];

  private volatile int blockCount;

  // What the writer knows of the last block, so that adding a pair reads nothing.
  private int[] known = blocks;
  private int fields;
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
    return pairs * PAIR_BYTES;
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
    int block = arena.allocate(bytesOf(pairs));
    int number = blockCount;
    if (known.length == number * FIELDS) {
      known = Arrays.copyOf(known, 2 * known.length);
      blocks = known;
    }
    int maxBefore = number == 0 ? -1 : Math.max(known[fields + MAX], known[fields + MAX_BEFORE]);
    fields = number * FIELDS;
    known[fields + BLOCK] = block;
    known[fields + COUNT] = 0;
    known[fields + MIN] = Integer.MAX_VALUE;
    known[fields + MAX] = -1;
    known[fields + MAX_BEFORE] = maxBefore;
    capacity = pairs;
    enterLastBlock();
    blockCount = number + 1;
  }

  private void enterLastBlock() {
    buffer = arena.buffer(known[fields + BLOCK]);
    start = Arena.offset(known[fields + BLOCK]);
    count = known[fields + COUNT];
    min = known[fields + MIN];
    max = known[fields + MAX];
  }

  /**
   * Adds a row for which {@link #makeRoom} made room.
   *
   * @param offset where in its chunk the row was written; {@link #NOWHERE} if there are several
   */
  void add(int node, long timestamp, int offset) {
    int time = time(timestamp);
    int pair = start + count * PAIR_BYTES;
    buffer.putInt(pair, time << PLACE_BITS | Math.min(offset >>> PLACE_SHIFT, PLACE_MASK));
    buffer.putInt(pair + Integer.BYTES, node);
    if (time < min) {
      min = time;
      known[fields + MIN] = time;
    }
    if (time > max) {
      max = time;
      known[fields + MAX] = time;
    }
    count++;
    size++;
    INTS.setRelease(known, fields + COUNT, count);
  }

  /** Gives the memory of the index back, when no new reader can come to it. Call once. */
  void retire(Reclamation readers) {
    for (int number = 0; number < blockCount; number++) {
      int at = number * FIELDS;
      int pairs = number == blockCount - 1 ? capacity : known[at + COUNT];
      readers.retire(known[at + BLOCK], Arena.blockBytes(bytesOf(pairs)));
    }
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
    int number = blockCount;
    int[] listed = blocks;
    int at = number * FIELDS;
    boolean more = number > 0;
    while (more) {
      at -= FIELDS;
      int pairs = (int) INTS.getAcquire(listed, at + COUNT);
      if (listed[at + MIN] <= high && listed[at + MAX] >= low) {
        ByteBuffer block = arena.buffer(listed[at + BLOCK]);
        int first = Arena.offset(listed[at + BLOCK]);
        int end = first + pairs * PAIR_BYTES;
        for (int pair = first; pair < end; pair += PAIR_BYTES) {
          int timeAndPlace = block.getInt(pair);
          int time = timeAndPlace >>> PLACE_BITS;
          if (low <= time && time <= high) {
            if (kept == found.length) {
              if (kept >= limit) {
                return null;
              }
              found = Arrays.copyOf(found, (int) Math.min(2L * kept, limit));
            }
            int offset = (timeAndPlace & PLACE_MASK) << PLACE_SHIFT;
            found[kept++] = Sighting.of(block.getInt(pair + Integer.BYTES), offset);
          }
        }
      }
      more = at > 0 && listed[at + MAX_BEFORE] >= low;
    }
    return Arrays.copyOf(found, kept);
  }

  /** Puts the pairs in order of time. For the writer, as long as there are no readers. */
  void sort() {
    long[] pairs = new long[size];
    int end = blockCount * FIELDS;
    int read = 0;
    for (int at = 0; at < end; at += FIELDS) {
      ByteBuffer block = arena.buffer(known[at + BLOCK]);
      int pair = Arena.offset(known[at + BLOCK]);
      for (int i = 0; i < known[at + COUNT]; i++) {
        // The sign bit is part of the time, so that the order of signed numbers would be another.
        long timeAndPlace = block.getInt(pair) ^ Integer.MIN_VALUE;
        pairs[read++] =
            (timeAndPlace << Integer.SIZE)
                | Integer.toUnsignedLong(block.getInt(pair + Integer.BYTES));
        pair += PAIR_BYTES;
      }
    }
    Arrays.sort(pairs);
    int from = 0;
    for (int at = 0; at < end; at += FIELDS) {
      ByteBuffer block = arena.buffer(known[at + BLOCK]);
      int pair = Arena.offset(known[at + BLOCK]);
      int to = from + known[at + COUNT];
      for (int i = from; i < to; i++) {
        block.putInt(pair, timeAndPlaceOf(pairs[i]));
        block.putInt(pair + Integer.BYTES, (int) pairs[i]);
        pair += PAIR_BYTES;
      }
      known[at + MIN] = from == to ? Integer.MAX_VALUE : timeOf(pairs[from]);
      known[at + MAX] = from == to ? -1 : timeOf(pairs[to - 1]);
      known[at + MAX_BEFORE] = from == 0 ? -1 : timeOf(pairs[from - 1]);
      from = to;
    }
    if (end > 0) {
      enterLastBlock();
    }
  }

  private static int timeAndPlaceOf(long pair) {
    return (int) (pair >>> Integer.SIZE) ^ Integer.MIN_VALUE;
  }

  private static int timeOf(long pair) {
    return timeAndPlaceOf(pair) >>> PLACE_BITS;
  }
}
