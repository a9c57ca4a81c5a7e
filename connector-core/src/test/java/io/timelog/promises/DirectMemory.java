package io.timelog.promises;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** Direct memory of the process, as the JVM counts it. */
final class DirectMemory {
  private static final BufferPoolMXBean POOL =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .findFirst()
          .orElseThrow();

  private DirectMemory() {}

  /** Bytes of the direct buffers that somebody still refers to: garbage is collected before. */
  static long reachableBytes() {
    long least = Long.MAX_VALUE;
    for (int unchanged = 0; unchanged < 3; unchanged++) {
      System.gc();
      long now = POOL.getMemoryUsed();
      if (now < least) {
        least = now;
        unchanged = 0;
      }
    }
    return least;
  }
}
