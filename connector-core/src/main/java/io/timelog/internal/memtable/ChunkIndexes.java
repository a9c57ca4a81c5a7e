package io.timelog.internal.memtable;

import io.timelog.internal.memory.MemoryAccount;
import org.jspecify.annotations.Nullable;

/**
 * The {@linkplain ChunkIndex indexes} of the long chains of one window, by node. There are few: a
 * chain has to take many chunks before it gets one.
 *
 * <p>One thread adds and removes, others may look up at the same time.
 */
final class ChunkIndexes {
  /** A chain with fewer chunks is walked. */
  static final int MIN_CHUNKS = 16;

  private static final int FIRST_SLOTS = 16;

  /** Memory is counted in steps of at least so many bytes. */
  private static final int STEP_BYTES = 1 << 10;

  /** More than a change of an index adds to it: a chunk with a short subkey, and a leaf. */
  private static final int CHANGE_BYTES = 192;

  private record Entry(int node, ChunkIndex index) {}

  /** Replaced as a whole when it changes, which is once in the life of a chain. */
  private volatile @Nullable Entry[] slots = new Entry[FIRST_SLOTS];

  private final MemoryAccount pool;
  private int size;
  private long bytes;
  private long reservedBytes;

  ChunkIndexes(MemoryAccount pool) {
    this.pool = pool;
  }

  /** The index of a chain; null if it has none. */
  @Nullable ChunkIndex of(int node) {
    @Nullable Entry[] all = slots;
    int place = place(node, all.length);
    Entry entry = all[place];
    while (entry != null && entry.node != node) {
      place = (place + 1) & (all.length - 1);
      entry = all[place];
    }
    return entry == null ? null : entry.index;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * Counts the memory for some changes of indexes that follow.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is none; nothing changed
   */
  void makeRoom(int changes) {
    long needed = bytes + (long) changes * CHANGE_BYTES;
    if (needed > reservedBytes) {
      long more = needed - reservedBytes + STEP_BYTES + bytes / 8;
      pool.reserveHeap(more);
      reservedBytes += more;
    }
  }

  /** At most what {@link #makeRoom} asks the budget for. */
  long bytesFor(int changes) {
    return (long) changes * CHANGE_BYTES + STEP_BYTES + bytes / 4;
  }

  /** Whether there is memory for one more index of so many chunks, which is then counted. */
  boolean tryMakeRoomForIndex(int chunks) {
    long more = bytes - reservedBytes + (long) chunks * CHANGE_BYTES + STEP_BYTES;
    if (more <= 0) {
      return true;
    }
    if (!pool.tryReserveHeap(more)) {
      return false;
    }
    reservedBytes += more;
    return true;
  }

  /** An index was changed that had so many bytes before. */
  void changed(ChunkIndex index, long bytesBefore) {
    bytes += index.bytes() - bytesBefore;
  }

  void add(int node, ChunkIndex index) {
    @Nullable Entry[] all = slots;
    copy(all, (size + 1) * 2 > all.length ? 2 * all.length : all.length, 0, new Entry(node, index));
    size++;
    bytes += index.bytes();
    giveBack();
  }

  /** Forgets the index of a chain, if it has one. */
  void remove(int node) {
    ChunkIndex index = of(node);
    if (index != null) {
      @Nullable Entry[] all = slots;
      copy(all, all.length, node, null);
      size--;
      bytes -= index.bytes();
      giveBack();
    }
  }

  /** The chain of a node is that of another one from now on. */
  void move(int node, int other) {
    ChunkIndex index = of(node);
    if (index != null) {
      @Nullable Entry[] all = slots;
      copy(all, all.length, node, new Entry(other, index));
    }
  }

  /** What was reserved without need. */
  private void giveBack() {
    long spare = reservedBytes - bytes - bytes / 8 - STEP_BYTES;
    if (spare > 0) {
      pool.releaseHeap(spare);
      reservedBytes -= spare;
    }
  }

  /** Bytes counted against the budget. */
  long bytes() {
    return reservedBytes;
  }

  /** Gives the counted bytes back. */
  void close() {
    pool.releaseHeap(reservedBytes);
    reservedBytes = 0;
  }

  private void copy(@Nullable Entry[] all, int length, int without, @Nullable Entry more) {
    @Nullable Entry[] others = new Entry[length];
    for (Entry entry : all) {
      if (entry != null && entry.node != without) {
        put(others, entry);
      }
    }
    if (more != null) {
      put(others, more);
    }
    slots = others;
  }

  private static void put(@Nullable Entry[] all, Entry entry) {
    int place = place(entry.node, all.length);
    while (all[place] != null) {
      place = (place + 1) & (all.length - 1);
    }
    all[place] = entry;
  }

  private static int place(int node, int length) {
    return ((node * 0x9E3779B9) >>> 16) & (length - 1);
  }
}
