package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.MemoryAccount;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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

  private record Entry(int node, @Nullable ChunkIndex index) {}

  /** Where an entry was that is gone: a search goes on behind it. */
  private static final Entry REMOVED = new Entry(Arena.NONE, null);

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Entry[].class);

  /** Made anew only when it is full: each change is one slot, whatever others there are. */
  private volatile @Nullable Entry[] slots = new Entry[FIRST_SLOTS];

  private final MemoryAccount pool;
  private int size;

  /** Slots that a search does not end at. */
  private int taken;

  private long bytes;
  private long reservedBytes;

  ChunkIndexes(MemoryAccount pool) {
    this.pool = pool;
  }

  /** The index of a chain; null if it has none. */
  @Nullable ChunkIndex of(int node) {
    @Nullable Entry[] all = slots;
    int place = find(all, node);
    Entry entry = at(all, place);
    return entry == null ? null : entry.index;
  }

  /** The slot of a node, or the free one that ends the search. */
  private static int find(@Nullable Entry[] all, int node) {
    int place = place(node, all.length);
    Entry entry = at(all, place);
    while (entry != null && entry.node != node) {
      place = (place + 1) & (all.length - 1);
      entry = at(all, place);
    }
    return place;
  }

  private static @Nullable Entry at(@Nullable Entry[] all, int place) {
    return (Entry) SLOT.getAcquire(all, place);
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
    put(new Entry(node, index));
    bytes += index.bytes();
    giveBack();
  }

  /** Forgets the index of a chain, if it has one. */
  void remove(int node) {
    ChunkIndex index = take(node);
    if (index != null) {
      bytes -= index.bytes();
      giveBack();
    }
  }

  /** The chain of a node is that of another one from now on. */
  void move(int node, int other) {
    ChunkIndex index = take(node);
    if (index != null) {
      put(new Entry(other, index));
    }
  }

  private @Nullable ChunkIndex take(int node) {
    @Nullable Entry[] all = slots;
    int place = find(all, node);
    Entry entry = all[place];
    if (entry == null) {
      return null;
    }
    SLOT.setRelease(all, place, REMOVED);
    size--;
    return entry.index;
  }

  private void put(Entry entry) {
    if ((taken + 1) * 2 > slots.length) {
      makeAnew();
    }
    place(slots, entry);
    size++;
    taken++;
  }

  private void makeAnew() {
    @Nullable Entry[] all = slots;
    @Nullable Entry[] others = new Entry[(size + 1) * 4 > all.length ? 2 * all.length : all.length];
    for (Entry entry : all) {
      if (entry != null && entry.node != Arena.NONE) {
        place(others, entry);
      }
    }
    taken = size;
    slots = others;
  }

  private static void place(@Nullable Entry[] all, Entry entry) {
    int place = place(entry.node, all.length);
    while (all[place] != null) {
      place = (place + 1) & (all.length - 1);
    }
    SLOT.setRelease(all, place, entry);
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

  private static int place(int node, int length) {
    return (node * 0x9E3779B9) >>> (1 + Integer.numberOfLeadingZeros(length));
  }
}
