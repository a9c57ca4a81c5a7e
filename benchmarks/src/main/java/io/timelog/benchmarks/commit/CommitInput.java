package io.timelog.benchmarks.commit;

/**
 * What is to be weighed in one child JVM.
 *
 * @param stores that share the keys
 * @param keys drawn uniformly
 * @param perSecond writes in a second of event time, to all stores together; a multiple of 100
 * @param pace of the clock
 * @param retainedMillis event time that is kept
 * @param weighedMillis how long to weigh, by the clock
 */
public record CommitInput(
    int stores, int keys, long perSecond, Pace pace, long retainedMillis, long weighedMillis) {
  private static final long MILLIS = 1000;

  /** How many entries are kept, which is how many ticks: one is written in each. */
  long retention() {
    return perSecond * retainedMillis / MILLIS;
  }
}
