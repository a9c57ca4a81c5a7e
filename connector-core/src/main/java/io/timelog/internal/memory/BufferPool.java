package io.timelog.internal.memory;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.MemorySource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of one budget: its bound, the bytes used, the source of buffers, and the free buffers
 * of all stores. A store has a {@link MemoryAccount} here.
 *
 * <p>A free buffer still counts as used. The pool keeps free buffers up to a quarter of all it has,
 * fewer when the budget is short, and gives up as many as it takes, at last all, before a request
 * is refused. Buffers are not zeroed. Thread-safe.
 */
public final class BufferPool {
  /*
   * Direct memory goes back to the system only after a garbage collection, and an engine that makes
   * little garbage collects rarely. Without reuse the process would hold many times what the budget
   * counts, and would pay for fresh pages of memory with every window and every segment. A quarter is
   * more than one window holds if there are more than a few.
   *
   * A buffer is used again for requests of its own capacity only. Slabs have four sizes, which are
   * powers of two. Other capacities are rounded up in sixteenths of a power of two by whoever can use
   * the rest, so that at most a sixteenth is lost. What is larger than a mebibyte is rarely asked for
   * twice and is not kept.
   *
   * Tables of keys are as large as the last window had keys, so buffers of sizes that nobody asks for
   * any more would come to fill the quarter. When as many bytes were asked for as the pool has, all that
   * lives may have been replaced once; what nobody needed meanwhile goes back to the source.
   *
   * What an owner gives back is queued as it is, and sorted when a buffer is next taken, so that
   * dropping a window costs the same however many buffers it has.
   *
   * The source is never called while the lock is held: it may be slow.
   */

  /** A larger buffer is given back to the source and not kept. */
  static final int MAX_KEPT_BYTES = 1 << 20;

  /** Capacities are multiples of this. */
  private static final int MIN_STEP = 64;

  /** The part of all buffers that may be free. */
  private static final int FREE_PART = 4;

  /** The part of the budget that must be left over for more than the least to be kept. */
  private static final int SHORTAGE_PART = 8;

  /** What there is if nothing can be reclaimed. */
  private static final Reclaimable NOTHING =
      new Reclaimable() {
        @Override
        public long idleBytes() {
          return 0;
        }

        @Override
        public long reclaim(long wantedBytes) {
          return 0;
        }
      };

  /** What may always be kept: stores may be small, and forget all they have at once. */
  private static final long MIN_FREE_BYTES = 4 << 20;

  /** How long a write waits for maintenance of another store before it is refused. */
  private static final long MAX_PATIENCE_NANOS = 2_000_000_000;

  private static final byte POISON = (byte) 0xDB;

  private static final Logger LOG = LoggerFactory.getLogger(BufferPool.class);

  private final long limitBytes;
  private final MemorySource source;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong keptForFlushes = new AtomicLong();
  private final AtomicLong keptForOverwrites = new AtomicLong();
  private final AtomicBoolean sourceFailedToFree = new AtomicBoolean();
  private volatile Reclaimable reclaimable = NOTHING;
  private final FreeBuffers free = new FreeBuffers(MAX_KEPT_BYTES);
  private final CopyOnWriteArrayList<Relievable> stores = new CopyOnWriteArrayList<>();

  /**
   * What the source gave until it failed, with what is counted beside; forgotten when it gives
   * more.
   */
  private volatile long sourceBytes = Long.MAX_VALUE;

  private long heldBytes;

  /** Bytes of buffers that were asked for since spare ones were last given up. */
  private long takenBytes;

  private int openAccounts;

  /** A pool of direct memory. */
  public BufferPool(long limitBytes) {
    this(limitBytes, MemorySource.direct());
  }

  /** A pool of at most {@code limitBytes} from {@code source}. */
  public BufferPool(long limitBytes, MemorySource source) {
    this.limitBytes = limitBytes;
    this.source = source;
  }

  /** The bound in bytes. */
  public long limitBytes() {
    return limitBytes;
  }

  /** The bytes of all buffers, in use and free, and what was reserved beside them. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /**
   * The bytes that can be had: what is not used of the budget or, if that is less, of what the
   * source had when it last failed; and what can be reclaimed. What the source has now only another
   * request shows.
   */
  public long availableBytes() {
    return availableAtOnce() + reclaimable.idleBytes();
  }

  private long availableAtOnce() {
    return Math.min(limitBytes, sourceBytes) - usedBytes.get();
  }

  /** The bytes that are not used of the budget, whether the source has them or not. */
  long unusedBytes() {
    return limitBytes - usedBytes.get();
  }

  /** The bytes that are in use only until somebody asks for them. */
  long reclaimableBytes() {
    return reclaimable.idleBytes();
  }

  /**
   * What the pool takes memory from before it refuses a request. There is one of it, which is made
   * when it is first asked for.
   */
  synchronized <R extends Reclaimable> R reclaimable(Class<R> type, Supplier<R> making) {
    if (reclaimable == NOTHING) {
      reclaimable = making.get();
    }
    return type.cast(reclaimable);
  }

  /** Those of {@link #availableBytes} that are not kept for flushes; negative if fewer are left. */
  long availableBesideFlushes() {
    return availableBytes() - keptForFlushes.get();
  }

  /** What writes leave free of the budget, so that sealed windows can be flushed. */
  long keptForFlushes() {
    return keptForFlushes.get();
  }

  /** Has writes leave so many bytes more free, or fewer if negative. */
  void keepForFlushes(long more) {
    keptForFlushes.addAndGet(more);
  }

  /** What new entries leave free of the budget, so that all can be overwritten. */
  long keptForOverwrites() {
    return keptForOverwrites.get();
  }

  /** Has new entries leave so many bytes more free, or fewer if negative. */
  void keepForOverwrites(long more) {
    keptForOverwrites.addAndGet(more);
  }

  /** The bytes of free buffers. */
  public synchronized long freeBytes() {
    return free.bytes();
  }

  /** The bytes of all buffers, in use and free. */
  synchronized long heldBytes() {
    return heldBytes;
  }

  /** Whether freed buffers stay readable for whoever can still reach them. */
  boolean isLeftToCollector() {
    return source == MemorySource.direct();
  }

  /**
   * Counts {@code bytes} as used; gives up free buffers for them if there is need, and then what
   * can be reclaimed.
   *
   * @return false, and nothing is counted, if there is no room
   */
  public boolean tryReserve(long bytes) {
    if (reserveAtOnce(bytes)) {
      return true;
    }
    giveUpFor(bytes);
    if (reserveAtOnce(bytes)) {
      return true;
    }
    // Another thread may be faster to take what is given up: as long as there is more of it, it is
    // given up.
    while (reclaimable.reclaim(Math.max(1, bytes - unusedBytes())) > 0) {
      giveUpFor(bytes);
      if (reserveAtOnce(bytes)) {
        return true;
      }
    }
    return reserveAtOnce(bytes);
  }

  /**
   * As {@link #tryReserve}.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing is counted
   */
  public void reserve(long bytes) {
    if (!tryReserve(bytes)) {
      throw new MemoryBudgetExceededException(bytes, usedBytes.get(), limitBytes);
    }
  }

  private boolean reserveAtOnce(long bytes) {
    while (true) {
      long used = usedBytes.get();
      if (bytes > limitBytes - used) {
        return false;
      }
      if (usedBytes.compareAndSet(used, used + bytes)) {
        return true;
      }
    }
  }

  /**
   * Ends what {@link #reserve} began.
   *
   * @throws IllegalStateException if more is given back than was taken
   */
  public void release(long bytes) {
    long left = usedBytes.addAndGet(-bytes);
    if (left < 0) {
      throw new IllegalStateException(
          "More memory was given back than was taken: bytes=" + bytes + ", used=" + left);
    }
  }

  /** The capacity of the buffer that is best asked for when {@code size} bytes are needed. */
  static int capacityFor(int size) {
    if (size > MAX_KEPT_BYTES) {
      return size;
    }
    int step = Math.max(MIN_STEP, Integer.highestOneBit(size) >>> 4);
    return (size + step - 1) & -step;
  }

  /**
   * A free buffer of exactly this capacity, from its first byte to its last, which is counted
   * already; null if there is none.
   */
  @Nullable ByteBuffer takeFree(int capacity) {
    ByteBuffer found;
    List<ByteBuffer> unwanted;
    synchronized (this) {
      found = free.take(capacity);
      takenBytes += capacity;
      if (takenBytes > heldBytes) {
        takenBytes = 0;
        free.giveUpSpare();
      }
      unwanted = free.takeUnwanted();
    }
    free(unwanted);
    // Whoever had it before may have read a part of it up to a limit.
    return found == null ? null : found.clear();
  }

  /**
   * A fresh buffer, little-endian, with arbitrary content.
   *
   * @param capacity in bytes, which the caller has reserved and need not release if this fails
   * @throws MemoryBudgetExceededException if the source has no memory
   */
  ByteBuffer allocate(int capacity) {
    ByteBuffer buffer;
    try {
      try {
        buffer = source.allocate(capacity);
      } catch (OutOfMemoryError | RuntimeException e) {
        // What is free, or can be had, may be all that is missing.
        reclaimable.reclaim(capacity);
        trim();
        buffer = source.allocate(capacity);
      }
      requireUsable(buffer, capacity);
    } catch (OutOfMemoryError | RuntimeException e) {
      release(capacity);
      sourceBytes = usedBytes.get();
      throw new MemoryBudgetExceededException(capacity, usedBytes.get(), limitBytes, e);
    } catch (Throwable e) {
      release(capacity);
      throw e;
    }
    synchronized (this) {
      heldBytes += capacity;
    }
    if (usedBytes.get() > sourceBytes) {
      sourceBytes = Long.MAX_VALUE;
    }
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  private void requireUsable(ByteBuffer buffer, int capacity) {
    if (!buffer.isDirect()
        || buffer.isReadOnly()
        || buffer.capacity() != capacity
        || buffer.limit() != capacity
        || buffer.alignmentOffset(0, Long.BYTES) != 0) {
      throw new IllegalStateException(
          "The memory source must give direct, writable buffers that begin at a multiple of 8:"
              + " source="
              + source
              + ", wantedBytes="
              + capacity
              + ", buffer="
              + buffer);
    }
  }

  /** Takes one buffer back. Nobody may read or write it afterwards. */
  void give(ByteBuffer buffer) {
    assert poison(buffer);
    List<ByteBuffer> unwanted;
    synchronized (this) {
      if (buffer.capacity() <= roomForFree()) {
        free.add(buffer);
        unwanted = free.takeUnwanted();
      } else {
        unwanted = List.of(buffer);
      }
    }
    free(unwanted);
  }

  /**
   * Takes the buffers of an owner back. Nobody may read or write them afterwards.
   *
   * @param buffers not used by the caller any more
   * @param count how many there are in the array
   * @param bytes the sum of their capacities
   */
  void giveAll(ByteBuffer[] buffers, int count, long bytes) {
    assert poison(buffers, count);
    List<ByteBuffer> unwanted = new ArrayList<>(0);
    synchronized (this) {
      if (bytes <= roomForFree() && bytes <= (long) count * MAX_KEPT_BYTES) {
        free.addAll(buffers, count, bytes);
        return;
      }
      for (int i = 0; i < count; i++) {
        if (buffers[i].capacity() <= roomForFree()) {
          free.add(buffers[i]);
        } else {
          unwanted.add(buffers[i]);
        }
      }
      unwanted.addAll(free.takeUnwanted());
    }
    free(unwanted);
  }

  /** How much more may be kept for reuse. */
  private long roomForFree() {
    if (openAccounts == 0) {
      return 0;
    }
    boolean budgetIsShort = availableBytes() < limitBytes / SHORTAGE_PART;
    long most = budgetIsShort ? 0 : heldBytes / FREE_PART;
    return Math.max(MIN_FREE_BYTES, most) - free.bytes();
  }

  /** Leaves buffers of so many bytes to those who can still reach them. */
  void forget(long bytes) {
    synchronized (this) {
      heldBytes -= bytes;
    }
    release(bytes);
  }

  /** Gives all free buffers back to the source. */
  public void trim() {
    giveUpFor(Long.MAX_VALUE);
  }

  /** Gives free buffers back to the source until {@code bytes} are available or none is free. */
  private void giveUpFor(long bytes) {
    List<ByteBuffer> unwanted;
    synchronized (this) {
      free.giveUp(bytes, availableAtOnce());
      unwanted = free.takeUnwanted();
    }
    free(unwanted);
  }

  /** Gives buffers back to the source that count as used but not as free. */
  private void free(List<ByteBuffer> unwanted) {
    if (unwanted.isEmpty()) {
      return;
    }
    long bytes = 0;
    for (ByteBuffer buffer : unwanted) {
      bytes += buffer.capacity();
      free(buffer);
    }
    forget(bytes);
  }

  private void free(ByteBuffer buffer) {
    try {
      source.free(buffer);
    } catch (Throwable e) {
      if (!sourceFailedToFree.getAndSet(true)) {
        LOG.error("The memory source failed to free a buffer; said once: source={}", source, e);
      }
    }
  }

  /** Lets the other stores of the budget ask this one for memory, until {@link #leave}. */
  void join(Relievable store) {
    stores.add(store);
  }

  /** Ends what {@link #join} began. */
  void leave(Relievable store) {
    stores.remove(store);
  }

  /**
   * Asks all stores but one for memory, one after the other, until so much is available beside what
   * is kept for flushes. Those whose maintenance is under way come last, and are waited for.
   */
  void relieveOthersThan(Relievable store, long wantedBytes) {
    List<Relievable> others = new ArrayList<>(stores);
    others.remove(store);
    for (Relievable other : relieve(others, wantedBytes, 0)) {
      relieve(List.of(other), wantedBytes, MAX_PATIENCE_NANOS);
    }
  }

  /** Returns the stores whose maintenance was under way. */
  private List<Relievable> relieve(List<Relievable> others, long wantedBytes, long patienceNanos) {
    List<Relievable> busy = new ArrayList<>();
    for (Relievable other : others) {
      if (availableBesideFlushes() < wantedBytes) {
        if (other.relieveFor(wantedBytes, patienceNanos)) {
          busy.add(other);
        }
        giveUpFor(wantedBytes + keptForFlushes());
      }
    }
    return busy;
  }

  synchronized void openAccount() {
    openAccounts++;
  }

  /**
   * Gives free buffers back to the source: those of a store that is gone need not be used again.
   */
  void closeAccount() {
    synchronized (this) {
      openAccounts--;
    }
    trim();
  }

  /** Makes a use after free show. Runs only where assertions do. */
  private static boolean poison(ByteBuffer[] buffers, int count) {
    for (int i = 0; i < count; i++) {
      poison(buffers[i]);
    }
    return true;
  }

  private static boolean poison(ByteBuffer buffer) {
    byte[] poison = new byte[Math.min(buffer.capacity(), 1 << 12)];
    Arrays.fill(poison, POISON);
    ByteBuffer all = buffer.duplicate().clear();
    while (all.hasRemaining()) {
      all.put(poison, 0, Math.min(poison.length, all.remaining()));
    }
    return true;
  }

  @Override
  public String toString() {
    return "BufferPool[used=" + usedBytes() + ", limit=" + limitBytes + ", source=" + source + "]";
  }
}
