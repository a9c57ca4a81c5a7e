package io.timelog.benchmarks.workload;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/** CPU time of the calling thread and of the whole process, in nanoseconds. */
public final class CpuClock {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final int CALIBRATIONS = 20_001;

  private CpuClock() {}

  /** CPU time of the calling thread. Costs a system call. */
  public static long threadNanos() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** CPU time of all threads of this JVM, those of the collector, the compiler and RocksDB too. */
  public static long processNanos() {
    return PROCESS.getProcessCpuTime();
  }

  /**
   * CPU time of all threads of this JVM but the calling one. What that thread does for a while and
   * is not to count, as making input, can be left out of the account by the difference of two
   * readings.
   */
  public static long otherThreadsNanos() {
    return processNanos() - threadNanos();
  }

  /**
   * What two readings of {@link #threadNanos()} with nothing between them differ by, which is part
   * of every measured stretch: the median of many.
   */
  public static long overheadNanos() {
    long[] differences = new long[CALIBRATIONS];
    for (int i = 0; i < CALIBRATIONS; i++) {
      long before = threadNanos();
      differences[i] = threadNanos() - before;
    }
    Arrays.sort(differences);
    return differences[CALIBRATIONS / 2];
  }
}
