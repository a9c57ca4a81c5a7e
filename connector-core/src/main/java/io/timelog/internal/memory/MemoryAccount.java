package io.timelog.internal.memory;

import io.timelog.MemoryBudgetExceededException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one store has of a {@link BufferPool}: it takes and gives buffers, and knows how much of the
 * budget is the store's own. Thread-safe: the writer takes slabs, maintenance takes extents, and
 * whichever thread lets go of the last reader gives them back.
 */
public final class MemoryAccount {
  private static final VarHandle GROWTHS;

  static {
    try {
      GROWTHS = MethodHandles.lookup().findVarHandle(MemoryAccount.class, "growths", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The largest slab that is shared by many blocks. */
  public static final int MAX_SLAB_BYTES = 1 << 18;

  private static final int MIN_SLAB_BYTES = 1 << 12;

  /** In a small budget slabs are smaller, so that the last free bytes of it are of use. */
  private static final int SLABS_PER_BUDGET = 64;

  private static final int RESERVE_PARTS = 16;

  /** A segment has four parts at most, and is written to a buffer that is little larger. */
  private static final int LEFT_BY_RELIEF = 5;

  /** Enough for a slab beside a segment, where slabs are the quarter of a reserve. */
  private static final int LEFT_BY_WRITES = 10;

  /** What stays in memory of segments in files is a smaller part of them, even with tiny rows. */
  private static final int HANDLES_PART = 16;

  /** The part of the budget that longer values leave free of what is kept for overwrites. */
  private static final int OVERWRITES_PART = 8;

  /** Memory is short if less than this part of the budget is left for new entries. */
  private static final int SHORTAGE_PART = 16;

  private final BufferPool pool;
  private final long reserveBytes;
  private final int maxSlabBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  /** Here, and not an object of its own, because every write looks at it. */
  private volatile int growths;

  private long credit;

  /** What the requests of the writer are for at present. */
  private volatile Purpose purpose = Purpose.NEW_ENTRIES;

  /** What the requests of all writers of the budget leave free beside, for this store. */
  private long keptForFlush;

  /** What the requests of all writers of the budget leave free for overwrites of this store. */
  private long neededForOverwrites;

  private boolean closed;
  private volatile @Nullable Relievable member;
  private volatile boolean asked;

  /** Whether segments need not stay in memory, so that nothing is kept free for them. */
  private volatile boolean segmentsCanLeave;

  /** What all requests of the writer leave free of the budget, whatever they are for. */
  private volatile long keptForHandles;

  /** An account without bytes, which may use the whole budget. */
  public MemoryAccount(BufferPool pool) {
    this(pool, 0);
  }

  /**
   * An account without bytes that leaves a part of the budget free, all or a part of it as the
   * {@link Purpose} says; segments may use it.
   *
   * @param reserveBytes the bytes to leave free
   */
  public MemoryAccount(BufferPool pool, long reserveBytes) {
    this.pool = pool;
    this.reserveBytes = reserveBytes;
    this.maxSlabBytes = maxSlabBytes(pool.limitBytes());
    pool.openAccount();
  }

  private static int maxSlabBytes(long limitBytes) {
    long part = Long.highestOneBit(limitBytes / SLABS_PER_BUDGET);
    return (int) Math.min(MAX_SLAB_BYTES, Math.max(MIN_SLAB_BYTES, part));
  }

  /** The size of the first slab of an arena: small, so that small owners stay small. */
  public static int firstSlabBytes() {
    return MIN_SLAB_BYTES;
  }

  /**
   * The size of the largest slab that is shared by many blocks: at most {@link #MAX_SLAB_BYTES},
   * and a small part of the budget.
   */
  public int maxSlabBytes() {
    return maxSlabBytes;
  }

  /**
   * The size of a slab for one block of {@code bytes} that wastes least: little more than asked
   * for, and one that the pool can use again unless the block is very large.
   */
  public static int ownSlabBytes(int bytes) {
    return BufferPool.capacityFor(bytes);
  }

  /**
   * Takes a slab of exactly {@code bytes}, little-endian, with arbitrary content.
   *
   * @throws MemoryBudgetExceededException if there is no room even after all free buffers of the
   *     budget were given up; nothing is taken
   */
  public ByteBuffer take(int bytes) {
    GROWTHS.getAndAdd(this, 1);
    // What is free is counted as used, but whoever is short of memory counts on it.
    ByteBuffer slab = leavesReserveBeside(pool.freeBytes() - bytes) ? pool.takeFree(bytes) : null;
    if (slab == null) {
      reserveWithCredit(bytes);
      slab = pool.allocate(bytes);
    }
    usedBytes.addAndGet(bytes);
    return slab;
  }

  /**
   * Takes a buffer of {@code size} bytes or little more, little-endian, with arbitrary content, for
   * a segment. What was set aside for writes is not used for it.
   *
   * @throws MemoryBudgetExceededException if there is no room even after all free buffers of the
   *     budget were given up; nothing is taken
   */
  public ByteBuffer takeExtent(int size) {
    int capacity = BufferPool.capacityFor(size);
    ByteBuffer extent = pool.takeFree(capacity);
    if (extent == null) {
      pool.reserve(capacity);
      extent = pool.allocate(capacity);
    }
    usedBytes.addAndGet(capacity);
    return extent;
  }

  /** Gives one buffer back. Nobody may read or write it afterwards. */
  public void give(ByteBuffer buffer) {
    usedBytes.addAndGet(-buffer.capacity());
    pool.give(buffer);
  }

  /**
   * Gives all buffers of an owner back. Nobody may read or write them afterwards.
   *
   * @param buffers not used by the caller any more
   * @param count how many there are in the array
   * @param bytes the sum of their capacities
   */
  public void giveAll(ByteBuffer[] buffers, int count, long bytes) {
    usedBytes.addAndGet(-bytes);
    pool.giveAll(buffers, count, bytes);
  }

  /**
   * Leaves buffers to those who can still reach them, which are not counted any more. Only where
   * {@link #isLeftToCollector()}.
   *
   * @param bytes the sum of their capacities
   */
  public void forget(long bytes) {
    usedBytes.addAndGet(-bytes);
    pool.forget(bytes);
  }

  /** Whether buffers that are forgotten stay readable for whoever can reach them. */
  public boolean isLeftToCollector() {
    return pool.isLeftToCollector();
  }

  /**
   * Counts heap memory that belongs to the store, such as key tables.
   *
   * @throws MemoryBudgetExceededException if the budget has no room; nothing is counted
   */
  public void reserveHeap(long bytes) {
    GROWTHS.getAndAdd(this, 1);
    reserveWithCredit(bytes);
    usedBytes.addAndGet(bytes);
  }

  /**
   * As {@link #reserveHeap}, for what is in use already or can be done without: may use the
   * reserve.
   *
   * @return false, and nothing is counted, if the budget has no room
   */
  public boolean tryReserveHeap(long bytes) {
    if (!pool.tryReserve(bytes)) {
      return false;
    }
    usedBytes.addAndGet(bytes);
    return true;
  }

  /** Uncounts heap memory. */
  public void releaseHeap(long bytes) {
    usedBytes.addAndGet(-bytes);
    pool.release(bytes);
  }

  private void reserveWithCredit(long bytes) {
    long fromCredit = takeCredit(bytes);
    try {
      reserve(bytes - fromCredit);
    } catch (MemoryBudgetExceededException e) {
      addCredit(fromCredit);
      throw e;
    }
  }

  private void reserve(long bytes) {
    if (!leavesReserve(bytes)) {
      pool.trim();
      if (!leavesReserve(bytes)) {
        throw new MemoryBudgetExceededException(bytes, pool.usedBytes(), pool.limitBytes());
      }
    }
    pool.reserve(bytes);
  }

  /** Not exact when several stores share the budget; the budget's limit is. */
  private boolean leavesReserve(long bytes) {
    return bytes == 0 || leavesReserveBeside(-bytes);
  }

  /** Whether the reserve is left by what nobody uses and so many bytes more. */
  private boolean leavesReserveBeside(long more) {
    return pool.unusedBytes() + pool.reclaimableBytes() + more >= leftFree(purpose);
  }

  private long leftFree(Purpose by) {
    return keptForHandles
        + switch (by) {
          case NEW_ENTRIES, LONGER_ENTRIES ->
              reserveBytes + pool.keptForFlushes() + overwritesFor(by);
          case NO_GROWTH -> partOfReserve(LEFT_BY_WRITES) + pool.keptForFlushes();
          case RELIEF -> partOfReserve(LEFT_BY_RELIEF);
        };
  }

  private long partOfReserve(int parts) {
    return reserveBytes / RESERVE_PARTS * parts;
  }

  /** Of what is kept for overwrites, what a purpose leaves free beside the reserve. */
  public long overwritesFor(Purpose by) {
    return switch (by) {
      case NEW_ENTRIES -> pool.keptForOverwrites();
      case LONGER_ENTRIES ->
          Math.min(pool.keptForOverwrites(), pool.limitBytes() / OVERWRITES_PART);
      case NO_GROWTH, RELIEF -> 0;
    };
  }

  /** Bytes that new entries leave free for whatever else is to be done. */
  public long keptFromNewEntries() {
    return leftFree(Purpose.NEW_ENTRIES);
  }

  /**
   * Says what the requests that follow are for, unless that would leave more free than before; at
   * first they are for new entries.
   *
   * @return what to give to {@link #endPurpose}, so that one use may be inside of another
   */
  public Purpose begin(Purpose next) {
    Purpose before = purpose;
    purpose = next.compareTo(before) > 0 ? next : before;
    return before;
  }

  /** Ends what {@link #begin} began. */
  public void endPurpose(Purpose before) {
    purpose = before;
  }

  /**
   * Has writes, those of other stores of the budget too, leave so many bytes free beside the
   * reserve, in the place of what was said before: sealed windows that wait for a flush are not
   * tidied any more, and would keep all their garbage if there were no room for their segments.
   */
  public synchronized void keepForFlush(long wanted) {
    long bytes = segmentsCanLeave ? 0 : wanted;
    pool.keepForFlushes(bytes - keptForFlush);
    keptForFlush = bytes;
  }

  /**
   * Has requests that may not use the reserve, those of other stores of the budget too, leave so
   * many bytes free beside it, in the place of what was said before: rows in segments take more in
   * the memtable, where they come to lie when they are overwritten.
   */
  public synchronized void keepForOverwrites(long wanted) {
    long bytes = segmentsCanLeave ? 0 : wanted;
    pool.keepForOverwrites(bytes - neededForOverwrites);
    neededForOverwrites = bytes;
  }

  /**
   * Those of {@link #availableBytes} that are not kept for the flushes of all stores of the budget;
   * negative if fewer are left.
   */
  public long availableBesideFlushes() {
    return pool.availableBesideFlushes();
  }

  /** Bytes of which a flush may make use, what other flushes wait for not counted. */
  public long roomForFlush() {
    return segmentsCanLeave
        ? Long.MAX_VALUE
        : pool.availableBesideFlushes() + pool.freeBytes() - reserveBytes;
  }

  /**
   * Sets memory aside for an operation that must not run out of it half-way; {@link #settle()}
   * gives back what it did not need.
   *
   * @throws MemoryBudgetExceededException if the budget has no room; nothing is set aside
   */
  public void prefund(long bytes) {
    reserve(bytes);
    addCredit(bytes);
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

  /** Whether memory is set aside for an operation under way. */
  public synchronized boolean hasSetAside() {
    return credit > 0;
  }

  /** Ends what {@link #prefund} began. */
  public void settle() {
    pool.release(takeCredit(Long.MAX_VALUE));
  }

  private synchronized void addCredit(long bytes) {
    credit += bytes;
  }

  private synchronized long takeCredit(long most) {
    long taken = Math.min(credit, most);
    credit -= taken;
    return taken;
  }

  /** Has the writer look after memory at its next opportunity, as if some had been taken. */
  public void callWriter() {
    GROWTHS.getAndAdd(this, 1);
  }

  /**
   * Counts up whenever memory was taken for writes, so that the engine looks at sizes only then;
   * wraps around.
   */
  public int growths() {
    return growths;
  }

  /** The budget in bytes. */
  public long limitBytes() {
    return pool.limitBytes();
  }

  /** Bytes that can be had, the reserve included; see {@link BufferPool#availableBytes}. */
  public long availableBytes() {
    return pool.availableBytes();
  }

  /** Bytes that the requests of the writer may take at present. */
  long usableBytes() {
    return pool.availableBytes() - leftFree(purpose);
  }

  /** Whether little is left before new entries are refused. */
  public boolean isShort() {
    return pool.availableBytes() - leftFree(Purpose.NEW_ENTRIES)
        < pool.limitBytes() / SHORTAGE_PART;
  }

  /**
   * Bytes that nobody uses and that new entries may have; negative if fewer are left than they
   * leave free.
   */
  public long unusedByEntries() {
    return pool.unusedBytes() - leftFree(Purpose.NEW_ENTRIES);
  }

  /**
   * What the budget takes memory from before it refuses a request, for all of its stores. There is
   * one of it, which is made when it is first asked for.
   */
  public <R extends Reclaimable> R reclaimable(Class<R> type, Supplier<R> making) {
    return pool.reclaimable(type, making);
  }

  /**
   * Says that segments of this store can leave memory one by one, whenever it is short: a flush
   * then needs room for one of them, which is always there, and for what stays in memory of the
   * others, see {@link #keepForHandlesOf}; and what is overwritten needs none.
   */
  public void letSegmentsLeave() {
    segmentsCanLeave = true;
  }

  /**
   * Has the requests of the writer leave room, whatever they are for, for what stays in memory of
   * so many bytes of segments: a flush of segments that leave memory takes more with each of them,
   * and frees the window only when it has them all. It is not kept for each store anew: their
   * flushes end.
   */
  public void keepForHandlesOf(long bytes) {
    keptForHandles = bytes / HANDLES_PART;
  }

  /** What {@link #keepForHandlesOf} keeps. */
  public long keptForHandles() {
    return keptForHandles;
  }

  /** Whether segments of this store can leave memory. */
  public boolean segmentsCanLeave() {
    return segmentsCanLeave;
  }

  /** Of so many free bytes, those that the segments of a flush or a merge may take together. */
  public long roomForSegments(long freeBytes) {
    return segmentsCanLeave ? Long.MAX_VALUE : freeBytes;
  }

  /**
   * Bytes that the segments of a merge that nobody waits for may have together, so that what stays
   * of them leaves the reserve to whoever reads files meanwhile. Any number, where there are no
   * files.
   */
  public long roomForMerges() {
    return segmentsCanLeave
        ? Math.max(0, pool.availableBytes() + pool.freeBytes() - reserveBytes) * HANDLES_PART
        : Long.MAX_VALUE;
  }

  /** As {@link #roomForMerges()}, but no more than is free where there are no files. */
  public long roomForJoins() {
    return segmentsCanLeave ? roomForMerges() : pool.availableBytes();
  }

  /** Gives every free buffer of the budget back to its source. */
  public void trim() {
    pool.trim();
  }

  /** Lets the other stores of the budget ask this one for memory, until the account is closed. */
  public void join(Relievable store) {
    member = store;
    pool.join(store);
  }

  /**
   * Asks the other stores of the budget for memory, until so much is available beside what is kept
   * for flushes.
   */
  public void relieveOthers(long wantedBytes) {
    Relievable self = member;
    if (self != null) {
      pool.relieveOthersThan(self, wantedBytes);
    }
  }

  /** Has the writer of the store free memory when it next looks after it. Any thread. */
  public void askWriter() {
    asked = true;
    GROWTHS.getAndAdd(this, 1);
  }

  /** Whether {@link #askWriter} was called since the last look. */
  public boolean wasAsked() {
    boolean was = asked;
    if (was) {
      asked = false;
    }
    return was;
  }

  /** Ends the account; what it has may still come back. Closing twice does nothing. */
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    keepForFlush(0);
    keepForOverwrites(0);
    Relievable self = member;
    if (self != null) {
      pool.leave(self);
    }
    pool.closeAccount();
  }

  /** Bytes of this store: its slabs and extents, and heap memory that was counted here. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /** Bytes of all buffers of the budget, in use and free, of whatever store. */
  public long allocatedBytes() {
    return pool.heldBytes();
  }

  /** Bytes of the free buffers of the budget, which all of its stores share. */
  public long pooledBytes() {
    return pool.freeBytes();
  }
}
