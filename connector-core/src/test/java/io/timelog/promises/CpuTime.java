package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** CPU time of the calling thread, which a busy machine changes far less than elapsed time. */
final class CpuTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int ATTEMPTS = 40;

  /** Beyond the limit by so much, further measurements would not change the verdict. */
  private static final double CLEARLY = 1.6;

  /** Before so many measurements nothing is clear: other work may have had the caches. */
  private static final int FEWEST_ATTEMPTS = 8;

  /** An operation that is expected to cost about the same however large its input is. */
  @FunctionalInterface
  interface Cost {
    /** Nanoseconds of CPU time per operation on an input of {@code size}. */
    double at(int size);
  }

  private CpuTime() {}

  /** Nanoseconds of CPU time per operation, if {@code work} makes so many. */
  static double perOperation(int operations, Runnable work) {
    long start = THREADS.getCurrentThreadCpuTime();
    work.run();
    return (double) (THREADS.getCurrentThreadCpuTime() - start) / operations;
  }

  /**
   * Fails if an operation on an input eight times as large costs {@code factor} times as much. A
   * cost that is linear would be eight times as much. Takes the best of several measurements.
   */
  static void assertGrowthBelow(double factor, int size, Cost cost) {
    cost.at(size);
    cost.at(size);
    double small = Double.MAX_VALUE;
    double large = Double.MAX_VALUE;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      small = Math.min(small, cost.at(size));
      large = Math.min(large, cost.at(8 * size));
      if (attempt > 0 && large < factor * small) {
        return;
      }
      if (attempt >= FEWEST_ATTEMPTS && large > CLEARLY * factor * small) {
        break;
      }
    }
    assertThat(large / small)
        .as(
            "growth of the cost of an operation: at %d %.0f ns, at %d %.0f ns",
            size, small, 8 * size, large)
        .isLessThan(factor);
  }
}
