package io.timelog.internal.storage;

import io.timelog.MemoryBudget;
import io.timelog.TimelogException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Direct memory for segments, every byte of it taken from a {@link MemoryBudget} before it is
 * allocated. Extents that come back are kept for reuse up to a bound and still count as used; what
 * is beyond the bound goes back to the budget and is left to the garbage collector. Thread-safe.
 */
final class ExtentPool {

  // Direct memory goes back to the system only after a garbage collection, and an engine that makes
  // little garbage collects rarely: without reuse the process would hold many times what the budget
  // counts. Fresh pages of memory are also the larger part of what writing a segment costs.
  //
  // Reuse needs equal sizes. Capacities are rounded up in sixteenths of a power of two, so at most
  // a
  // sixteenth is lost, and pages of one target length mostly fall into one class.
  //
  // A freed segment is handed over whole and sorted into classes when memory is next taken, so that
  // dropping a partition window costs the same however many pages it has.

  private static final int MIN_STEP = 64;
  private static final byte POISON = (byte) 0xDB;

  private final MemoryBudget budget;
  private final long maxFreeBytes;
  private final Deque<List<ByteBuffer>> unsorted = new ArrayDeque<>();
  private final Map<Integer, Deque<ByteBuffer>> free = new HashMap<>();
  private final AtomicLong heldBytes = new AtomicLong();
  private long freeBytes;
  private boolean closed;

  /** Keeps at most {@code maxFreeBytes} for reuse; with 0 none, and then capacities are exact. */
  ExtentPool(MemoryBudget budget, long maxFreeBytes) {
    this.budget = budget;
    this.maxFreeBytes = maxFreeBytes;
  }

  /**
   * An extent of {@code size} bytes or little more, with arbitrary content.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is no room even when nothing is kept
   *     for reuse; nothing is taken
   */
  ByteBuffer take(int size) {
    int capacity = capacity(size);
    ByteBuffer reused = takeFree(capacity);
    if (reused != null) {
      heldBytes.addAndGet(capacity);
      return reused;
    }
    if (!budget.tryReserve(capacity)) {
      trim();
      budget.reserve(capacity);
    }
    try {
      ByteBuffer extent = ByteBuffer.allocateDirect(capacity);
      heldBytes.addAndGet(capacity);
      return extent;
    } catch (OutOfMemoryError e) {
      budget.release(capacity);
      throw new TimelogException(
          "The JVM has less direct memory than the memory budget promises: requestedBytes="
              + capacity
              + ", "
              + budget
              + ". Raise -XX:MaxDirectMemorySize above the budget, or lower the budget.",
          e);
    }
  }

  /**
   * Takes extents back that nobody reads any more; {@code bytes} is the sum of their capacities.
   */
  synchronized void give(List<ByteBuffer> extents, long bytes) {
    heldBytes.addAndGet(-bytes);
    if (closed || maxFreeBytes == 0) {
      budget.release(bytes);
      return;
    }
    assert poison(extents);
    if (bytes > maxFreeBytes - freeBytes) {
      // What is free has sizes that nobody asked for lately, or is too much anyway.
      trim();
    }
    List<ByteBuffer> kept = extents;
    long keptBytes = bytes;
    if (bytes > maxFreeBytes) {
      kept = new ArrayList<>();
      keptBytes = 0;
      for (int i = 0; keptBytes + extents.get(i).capacity() <= maxFreeBytes; i++) {
        kept.add(extents.get(i));
        keptBytes += extents.get(i).capacity();
      }
    }
    unsorted.addLast(kept);
    freeBytes += keptBytes;
    budget.release(bytes - keptBytes);
  }

  /** Leaves extents to those who still show them, and {@code bytes} of them to the budget. */
  void forget(long bytes) {
    heldBytes.addAndGet(-bytes);
    budget.release(bytes);
  }

  /** Keeps nothing for reuse. */
  synchronized void trim() {
    unsorted.clear();
    free.clear();
    budget.release(freeBytes);
    freeBytes = 0;
  }

  /** Keeps nothing for reuse, from now on. */
  synchronized void close() {
    closed = true;
    trim();
  }

  /** The bytes of extents that were taken and have not come back. */
  long heldBytes() {
    return heldBytes.get();
  }

  /** The bytes kept for reuse. */
  synchronized long freeBytes() {
    return freeBytes;
  }

  private synchronized @Nullable ByteBuffer takeFree(int capacity) {
    ByteBuffer extent = poll(capacity);
    while (extent == null && !unsorted.isEmpty()) {
      for (ByteBuffer sorted : unsorted.removeLast()) {
        free.computeIfAbsent(sorted.capacity(), ignored -> new ArrayDeque<>()).addLast(sorted);
      }
      extent = poll(capacity);
    }
    if (extent != null) {
      freeBytes -= capacity;
    }
    return extent;
  }

  private @Nullable ByteBuffer poll(int capacity) {
    Deque<ByteBuffer> sameCapacity = free.get(capacity);
    return sameCapacity == null ? null : sameCapacity.pollLast();
  }

  private int capacity(int size) {
    if (maxFreeBytes == 0) {
      return size;
    }
    int step = Math.max(MIN_STEP, Integer.highestOneBit(size) >>> 4);
    return (int) Math.min(((long) size + step - 1) & -step, Integer.MAX_VALUE - 8);
  }

  /** Makes a read of freed memory show. Runs only where assertions do. */
  private static boolean poison(List<ByteBuffer> extents) {
    for (ByteBuffer extent : extents) {
      byte[] poison = new byte[extent.capacity()];
      Arrays.fill(poison, POISON);
      extent.put(0, poison);
    }
    return true;
  }
}
