package io.timelog;

import io.timelog.internal.memory.BufferPool;

/**
 * Memory of an application that is counted in a {@link MemoryBudget} beside that of the stores: a
 * host's own tables and caches. A claim gives back only what it took. Thread-safe.
 */
public final class MemoryClaim implements AutoCloseable {
  private final BufferPool pool;
  private long bytes;
  private boolean closed;

  MemoryClaim(BufferPool pool) {
    this.pool = pool;
  }

  /**
   * Takes {@code more} bytes. Free buffers of the stores are given up for them if there is need.
   *
   * @return false, and nothing is taken, if fewer are free
   * @throws IllegalArgumentException if {@code more} is negative
   * @throws IllegalStateException if the claim is closed
   */
  public synchronized boolean tryGrow(long more) {
    requirePositive(more);
    requireOpen();
    boolean taken = pool.tryReserve(more);
    bytes += taken ? more : 0;
    return taken;
  }

  /**
   * As {@link #tryGrow}.
   *
   * @throws MemoryBudgetExceededException if fewer are free; nothing is taken
   */
  public synchronized void grow(long more) {
    requirePositive(more);
    requireOpen();
    pool.reserve(more);
    bytes += more;
  }

  /**
   * Gives {@code fewer} bytes back. Does nothing if the claim is closed.
   *
   * @throws IllegalArgumentException if {@code fewer} is negative or more than was taken
   */
  public synchronized void shrink(long fewer) {
    requirePositive(fewer);
    if (closed) {
      return;
    }
    if (fewer > bytes) {
      throw new IllegalArgumentException(
          "A claim cannot give back more than it took: bytes=" + fewer + ", taken=" + bytes);
    }
    pool.release(fewer);
    bytes -= fewer;
  }

  /** The bytes that are taken now. */
  public synchronized long bytes() {
    return bytes;
  }

  /** Gives everything back. Closing twice does nothing. */
  @Override
  public synchronized void close() {
    closed = true;
    pool.release(bytes);
    bytes = 0;
  }

  private static void requirePositive(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("Bytes must not be negative: bytes=" + bytes);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The claim of memory is closed");
    }
  }
}
