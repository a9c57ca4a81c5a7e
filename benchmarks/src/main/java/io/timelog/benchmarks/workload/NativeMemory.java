package io.timelog.benchmarks.workload;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Memory outside of the heap that is touched before anything is weighed, as the heap is. A page
 * that nobody had before costs a system call and more, on a virtual machine much more than all that
 * an engine does with it; a store that only grows would pay that if it keeps its entries outside of
 * the heap, and not if it keeps them on it.
 */
public final class NativeMemory {
  /**
   * Has the C library, if it is that of GNU, keep what is given back to it, and all of it in one
   * place. Without this, touching is of no use, as every store would get untouched pages again.
   */
  static final Map<String, String> KEPT =
      Map.of(
          "MALLOC_ARENA_MAX", "1",
          "MALLOC_MMAP_THRESHOLD_", Integer.toString(32 << 20),
          "MALLOC_TRIM_THRESHOLD_", Long.toString(8L << 30));

  private static final int PIECE_BYTES = 256 << 10;
  private static final int COLLECTIONS = 50;
  private static final long PAUSE_NANOS = 100_000_000;

  private NativeMemory() {}

  /** Takes {@code bytes} of direct memory, if they are many, writes to all and gives it back. */
  public static void touch(long bytes) {
    if (bytes < PIECE_BYTES) {
      return;
    }
    awaitFree();
    takeAndLeave(bytes);
    awaitFree();
  }

  /** A method of its own: as long as one runs, its variables may keep what they refer to. */
  private static void takeAndLeave(long bytes) {
    // All at the same time, so that no two are the same memory.
    ByteBuffer[] pieces = new ByteBuffer[Math.toIntExact(bytes / PIECE_BYTES)];
    Arrays.setAll(pieces, i -> ByteBuffer.allocateDirect(PIECE_BYTES));
  }

  /**
   * Waits until the direct memory of what was closed is free, so that what comes next gets memory
   * that was touched before. Direct buffers are freed by a thread of their own, some time after
   * their collection.
   */
  public static void awaitFree() {
    for (int i = 0; i < COLLECTIONS && usedBytes() > PIECE_BYTES; i++) {
      System.gc();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Bytes of all direct buffers of this JVM that were not freed yet. */
  static long usedBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
