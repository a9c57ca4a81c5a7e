package io.timelog.benchmarks.workload;

import java.util.function.LongConsumer;

/**
 * Work that is done before anything is weighed, so that compiled code is weighed and not the
 * compiler.
 */
public final class Rehearsal {
  private static final long NANOS = 8_000_000_000L;

  private Rehearsal() {}

  /**
   * Repeats the work, at least once, for some seconds; for less if what follows is small, as in a
   * test.
   *
   * @param work is told the {@link System#nanoTime()} at which it is over, and may stop there
   * @param rows how much follows
   * @param nanosPerRow how long to rehearse for each, at most
   */
  public static void of(LongConsumer work, long rows, long nanosPerRow) {
    long end = System.nanoTime() + Math.min(NANOS, rows * nanosPerRow);
    do {
      work.accept(end);
    } while (System.nanoTime() - end < 0);
  }
}
