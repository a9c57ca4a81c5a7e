package io.timelog;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A hard bound, in bytes, on the memory that stores may hold for entries: memtables, their key
 * tables, segments kept in memory, and free slabs kept for reuse. Java objects of constant size per
 * store, table and open cursor are not counted.
 *
 * <p>One budget may be shared by any number of stores; then the bound is on their sum. Thread-safe;
 * every call is one atomic operation.
 */
public final class MemoryBudget {
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  private MemoryBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * A budget of {@code limitBytes}.
   *
   * @throws IllegalArgumentException if the limit is not positive
   */
  public static MemoryBudget ofBytes(long limitBytes) {
    if (limitBytes <= 0) {
      throw new IllegalArgumentException(
          "A memory budget must be positive: limitBytes=" + limitBytes);
    }
    return new MemoryBudget(limitBytes);
  }

  /** The bound in bytes. */
  public long limitBytes() {
    return limitBytes;
  }

  /** The bytes held now by all stores of this budget. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /** The bytes that are still free. */
  public long availableBytes() {
    return limitBytes - usedBytes.get();
  }

  /** Takes {@code bytes} from the budget; false, and nothing is taken, if fewer are free. */
  public boolean tryReserve(long bytes) {
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
   * Takes {@code bytes} from the budget.
   *
   * @throws MemoryBudgetExceededException if fewer are free; nothing is taken
   */
  public void reserve(long bytes) {
    if (!tryReserve(bytes)) {
      throw new MemoryBudgetExceededException(bytes, usedBytes.get(), limitBytes);
    }
  }

  /**
   * Gives {@code bytes} back.
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

  @Override
  public String toString() {
    return "MemoryBudget[used=" + usedBytes.get() + ", limit=" + limitBytes + "]";
  }
}
