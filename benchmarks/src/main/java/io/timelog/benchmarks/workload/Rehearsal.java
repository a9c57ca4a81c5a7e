package io.timelog.benchmarks.workload;

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
   * @param rows how much follows
   * @param nanosPerRow how long to rehearse for each, at most
   */
  public static void of(Runnable work, long rows, long nanosPerRow) {
    long end = System.nanoTime() + Math.min(NANOS, rows * nanosPerRow);
    do {
      work.run();
    } while (System.nanoTime() - end < 0);
  }
}
