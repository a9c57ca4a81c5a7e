package io.timelog.testing;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;

/** Direct memory of the process, as the JVM counts it. */
public final class DirectMemory {
  private static final BufferPoolMXBean POOL =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .findFirst()
          .orElseThrow();

  private DirectMemory() {}

  /** Bytes of the direct buffers that somebody still refers to: garbage is collected before. */
  public static long reachableBytes() {
    long least = Long.MAX_VALUE;
    for (int unchanged = 0; unchanged < 4; unchanged++) {
      collect();
      long now = POOL.getMemoryUsed();
      if (now < least) {
        least = now;
        unchanged = 0;
      }
    }
    return least;
  }

  /** Collects garbage and waits until the JVM has begun to free what was found. */
  private static void collect() {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    PhantomReference<Object> canary = new PhantomReference<>(new Object(), queue);
    try {
      do {
        System.gc();
      } while (queue.remove(1_000) != canary);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted while garbage was collected", e);
    }
  }
}
