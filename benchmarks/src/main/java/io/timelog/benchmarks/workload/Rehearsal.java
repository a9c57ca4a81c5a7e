package io.timelog.benchmarks.workload;

import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Work that is done before anything is weighed, so that compiled code is weighed and not the
 * compiler.
 */
public final class Rehearsal {
  private Rehearsal() {}

  /**
   * Repeats the work, at least once, for a while; for less if what follows is small, as in a test.
   *
   * @param work is told the {@link System#nanoTime()} at which it is over, and may stop there
   * @param rows how much follows
   * @param nanosPerRow how long to rehearse for each, at most
   * @param most how long to rehearse, at most
   */
  public static void of(LongConsumer work, long rows, long nanosPerRow, Duration most) {
    long end = System.nanoTime() + Math.min(most.toNanos(), rows * nanosPerRow);
    do {
      work.accept(end);
    } while (System.nanoTime() - end < 0);
  }
}
