package io.timelog.internal.memory;

import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Slabs of four sizes, taken from the memory budget and kept for reuse when they come back.
 *
 * <p>A slab in the pool still counts as used memory. The pool keeps free ones up to a quarter of
 * all it has, fewer when the budget is short, and gives all of them up before a request is refused.
 * Reused slabs are not zeroed. Thread-safe: the writer takes slabs, whichever thread lets go of the
 * last reader gives them back.
 */
public final class SlabPool {
  // Direct memory goes back to the system only after a garbage collection, and an engine that makes
  // little garbage collects rarely: without reuse the process would hold many times what the budget
  // counts, and pay for fresh pages with every window. A quarter is more than one window holds, if
  // there are more than a few. As other stores of the budget cannot have what is kept here, little
  // is kept when the budget is nearly used up.

  /** The largest pooled slab. A larger request gets a slab of its own size, which is not pooled. */
  public static final int MAX_SLAB_BYTES = 1 << 18;

  private static final int MIN_SLAB_BYTES = 1 << 12;
  private static final int SIZES = 4;

  /** The part of all slabs that may be free. */
  private static final int FREE_PART = 4;

  /** The part of the budget that must be left over for more than the least to be kept. */
  private static final int SHORTAGE_PART = 8;

  /** What is always kept: stores may be small, and forget all they have at once. */
  private static final long MIN_FREE_BYTES = 16L * MAX_SLAB_BYTES;

  /** All slabs of one owner. */
  private static final class Returned {
    private final ByteBuffer[] slabs;
    private final int count;

    Returned(ByteBuffer[] slabs, int count) {
      this.slabs = slabs;
      this.count = count;
    }
  }

  private final MemoryBudget budget;
  private final long reserveBytes;
  private final ArrayDeque<ByteBuffer>[] free;

  /** Given back and not looked at yet: dropping a window costs no walk over its slabs. */
  private final ArrayDeque<Returned> returned = new ArrayDeque<>();

  private long allocatedBytes;
  private long pooledBytes;
  private long credit;
  private boolean reserveIsOpen;
  private boolean closed;

  private final AtomicInteger growths = new AtomicInteger();
  private final AtomicLong heapBytes = new AtomicLong();

  /** A pool that reserves its slabs from {@code budget}, all of which it may use. */
  public SlabPool(MemoryBudget budget) {
    this(budget, 0);
  }

  /**
   * A pool that leaves a part of the budget free, but for requests between {@link #openReserve()}
   * and {@link #closeReserve()}.
   *
   * @param reserveBytes the bytes to leave free
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public SlabPool(MemoryBudget budget, long reserveBytes) {
    this.budget = budget;
    this.reserveBytes = reserveBytes;
    this.free = new ArrayDeque[SIZES];
    for (int i = 0; i < SIZES; i++) {
      free[i] = new ArrayDeque<>();
    }
  }

  /**
   * The size of the {@code ordinal}-th slab of an arena: small first, so that small owners stay
   * small.
   */
  static int slabBytes(int ordinal) {
    return ordinal >= SIZES ? MAX_SLAB_BYTES : MIN_SLAB_BYTES << (2 * ordinal);
  }

  /**
   * Takes a slab of exactly {@code bytes}, little-endian, with arbitrary content.
   *
   * @throws MemoryBudgetExceededException if the budget has no room even after the pool gave up its
   *     free slabs; nothing is taken
   */
  public synchronized ByteBuffer take(int bytes) {
    sortReturned();
    int size = sizeOf(bytes);
    if (size >= 0) {
      ByteBuffer pooled = free[size].pollLast();
      if (pooled != null) {
        pooledBytes -= bytes;
        growths.incrementAndGet();
        return pooled;
      }
    }
    reserve(bytes);
    ByteBuffer slab;
    try {
      slab = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    } catch (OutOfMemoryError e) {
      // The JVM allows less direct memory than the budget does; the budget must stay true.
      budget.release(bytes);
      throw e;
    }
    allocatedBytes += bytes;
    return slab;
  }

  /**
   * Gives all slabs of an owner back. Nobody may read or write them afterwards.
   *
   * @param slabs not used by the caller any more
   * @param count how many there are in the array
   * @param bytes the sum of their sizes
   */
  synchronized void giveAll(ByteBuffer[] slabs, int count, long bytes) {
    if (count > 0 && bytes <= freeBytesLeft()) {
      returned.addLast(new Returned(slabs, count));
      pooledBytes += bytes;
    } else {
      keepSome(slabs, count, bytes);
    }
  }

  /**
   * Gives a single slab back. Nobody may read or write it afterwards.
   *
   * @param slab not used by the caller any more
   */
  synchronized void give(ByteBuffer slab) {
    giveAll(new ByteBuffer[] {slab}, 1, slab.capacity());
  }

  /** How much more may be kept for reuse. */
  private long freeBytesLeft() {
    if (closed) {
      return 0;
    }
    boolean budgetIsShort = budget.availableBytes() < budget.limitBytes() / SHORTAGE_PART;
    long most = budgetIsShort ? 0 : allocatedBytes / FREE_PART;
    return Math.max(MIN_FREE_BYTES, most) - pooledBytes;
  }

  private void keepSome(ByteBuffer[] slabs, int count, long bytes) {
    long left = freeBytesLeft();
    long kept = 0;
    for (int i = 0; i < count; i++) {
      if (kept + slabs[i].capacity() <= left && keep(slabs[i])) {
        kept += slabs[i].capacity();
      }
    }
    pooledBytes += kept;
    allocatedBytes -= bytes - kept;
    budget.release(bytes - kept);
  }

  /** Keeps a slab among those of its size; false if the size is not pooled. */
  private boolean keep(ByteBuffer slab) {
    int size = sizeOf(slab.capacity());
    if (size >= 0) {
      free[size].addLast(slab);
    }
    return size >= 0;
  }

  private void sortReturned() {
    for (Returned next = returned.pollLast(); next != null; next = returned.pollLast()) {
      for (int i = 0; i < next.count; i++) {
        ByteBuffer slab = next.slabs[i];
        if (!keep(slab)) {
          pooledBytes -= slab.capacity();
          allocatedBytes -= slab.capacity();
          budget.release(slab.capacity());
        }
      }
    }
  }

  /**
   * Counts heap memory that belongs to the same owners, such as key tables.
   *
   * @throws MemoryBudgetExceededException if the budget has no room; nothing is counted
   */
  public synchronized void reserveHeap(long bytes) {
    reserve(bytes);
    heapBytes.addAndGet(bytes);
  }

  /** Uncounts heap memory. */
  public void releaseHeap(long bytes) {
    heapBytes.addAndGet(-bytes);
    budget.release(bytes);
  }

  private void reserve(long bytes) {
    growths.incrementAndGet();
    long fromCredit = Math.min(credit, bytes);
    long rest = bytes - fromCredit;
    reserveFromBudget(rest);
    credit -= fromCredit;
  }

  private void reserveFromBudget(long bytes) {
    if (!leavesReserve(bytes) || !budget.tryReserve(bytes)) {
      trim();
      if (!leavesReserve(bytes)) {
        throw new MemoryBudgetExceededException(bytes, budget.usedBytes(), budget.limitBytes());
      }
      budget.reserve(bytes);
    }
  }

  /** Not exact when several stores share the budget; the budget's limit is. */
  private boolean leavesReserve(long bytes) {
    return bytes == 0 || reserveIsOpen || budget.availableBytes() - bytes >= reserveBytes;
  }

  /** Lets the requests that follow use the reserve, until {@link #closeReserve()}. */
  public synchronized void openReserve() {
    reserveIsOpen = true;
  }

  /** Ends what {@link #openReserve()} began. */
  public synchronized void closeReserve() {
    reserveIsOpen = false;
  }

  /**
   * Sets memory aside for an operation that must not run out of it half-way; {@link #settle()}
   * gives back what it did not need.
   *
   * @throws MemoryBudgetExceededException if the budget has no room; nothing is set aside
   */
  public synchronized void prefund(long bytes) {
    reserveFromBudget(bytes);
    credit += bytes;
  }

  /**
   * Makes sure that so many bytes are set aside, by taking what is missing; false, and nothing is
   * taken, if the budget has no room for it.
   */
  public synchronized boolean tryPrefundUpTo(long bytes) {
    if (bytes > credit) {
      try {
        prefund(bytes - credit);
      } catch (MemoryBudgetExceededException noRoom) {
        return false;
      }
    }
    return true;
  }

  /** Ends what {@link #prefund} began. */
  public synchronized void settle() {
    budget.release(credit);
    credit = 0;
  }

  /**
   * Counts up whenever memory was taken, so that the engine looks at sizes only then; wraps around.
   */
  public int growths() {
    return growths.get();
  }

  /** Gives every free slab back to the budget. */
  public synchronized void trim() {
    for (ArrayDeque<ByteBuffer> slabs : free) {
      slabs.clear();
    }
    returned.clear();
    allocatedBytes -= pooledBytes;
    budget.release(pooledBytes);
    pooledBytes = 0;
  }

  /** Gives up the free slabs, and from now on every slab that comes back. */
  public synchronized void close() {
    closed = true;
    trim();
  }

  /** Bytes of the budget that are free, the reserve included. */
  public long availableBytes() {
    return budget.availableBytes();
  }

  /** Bytes of all slabs, in use and free, and of the heap memory that was counted here. */
  public long usedBytes() {
    return allocatedBytes() + heapBytes.get();
  }

  /** Bytes of all slabs, in use and free. */
  public synchronized long allocatedBytes() {
    return allocatedBytes;
  }

  /** Bytes of the free slabs. */
  public synchronized long pooledBytes() {
    return pooledBytes;
  }

  /** The number of a size, from the largest, which is the usual one; -1 if it is not pooled. */
  private static int sizeOf(int bytes) {
    for (int i = SIZES - 1; i >= 0; i--) {
      if (slabBytes(i) == bytes) {
        return i;
      }
    }
    return -1;
  }
}
