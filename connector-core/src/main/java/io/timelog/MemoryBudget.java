package io.timelog;

import io.timelog.internal.memory.BufferPool;
import java.util.Objects;

/**
 * A hard bound, in bytes, on the memory that stores may hold for entries: memtables, their key
 * tables, segments and pages of files kept in memory, and free buffers kept for reuse. Java objects
 * of constant size per store, table and open cursor are not counted.
 *
 * <p>One budget may be shared by any number of stores; then the bound is on their sum, and a buffer
 * that one store has freed is there for all. Thread-safe.
 */
public final class MemoryBudget {
  private final BufferPool pool;

  private MemoryBudget(BufferPool pool) {
    this.pool = pool;
  }

  /**
   * A budget of {@code limitBytes} of direct memory, which the JVM must have as well: it is bounded
   * by {@code -XX:MaxDirectMemorySize}, by default the size of the heap.
   *
   * @throws IllegalArgumentException if the limit is not positive
   */
  public static MemoryBudget ofBytes(long limitBytes) {
    return ofBytes(limitBytes, MemorySource.direct());
  }

  /**
   * A budget of {@code limitBytes} from a source.
   *
   * @throws IllegalArgumentException if the limit is not positive
   */
  public static MemoryBudget ofBytes(long limitBytes, MemorySource source) {
    Objects.requireNonNull(source, "source");
    if (limitBytes <= 0) {
      throw new IllegalArgumentException(
          "A memory budget must be positive: limitBytes=" + limitBytes);
    }
    return new MemoryBudget(new BufferPool(limitBytes, source));
  }

  /** The bound in bytes. */
  public long limitBytes() {
    return pool.limitBytes();
  }

  /** The bytes held now by all stores and claims of this budget, free buffers included. */
  public long usedBytes() {
    return pool.usedBytes();
  }

  /**
   * The bytes that are still free. Free buffers are not among them, although they may be had; pages
   * of files are, because they are given up when memory is asked for.
   */
  public long availableBytes() {
    return pool.availableBytes();
  }

  /**
   * A claim for memory of the application, without bytes as yet. To be closed when the memory is
   * not used any more.
   */
  public MemoryClaim claim() {
    return new MemoryClaim(pool);
  }

  /** What the stores of this budget work with. */
  BufferPool pool() {
    return pool;
  }

  @Override
  public String toString() {
    return "MemoryBudget[used=" + usedBytes() + ", limit=" + limitBytes() + "]";
  }
}
