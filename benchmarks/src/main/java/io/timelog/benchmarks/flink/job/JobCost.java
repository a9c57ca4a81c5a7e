package io.timelog.benchmarks.flink.job;

/**
 * What a job cost in one round.
 *
 * @param contender id of what ran it
 * @param heap size of the heap, as {@code -Xmx} takes it
 * @param job id of the job
 * @param events that went in
 * @param keys different ones
 * @param chaining whether operators shared threads
 * @param eventsPerSecond from the first event to the end of the operator, by the clock on the wall
 * @param operatorNanos CPU time of the operator's thread per event
 * @param processNanos CPU time of the whole JVM per event
 * @param results how many came out
 * @param checksum of all results, in whatever order; equal for equal work
 */
public record JobCost(
    String contender,
    String heap,
    String job,
    int events,
    int keys,
    Chaining chaining,
    double eventsPerSecond,
    double operatorNanos,
    double processNanos,
    long results,
    long checksum) {
  /** Whether both are of the same job over the same input, whoever ran it. */
  public boolean isOfTheSameWork(JobCost other) {
    return job.equals(other.job)
        && events == other.events
        && keys == other.keys
        && chaining == other.chaining;
  }

  /** Whether both came to the same results. */
  public boolean hasTheSameResults(JobCost other) {
    return results == other.results && checksum == other.checksum;
  }
}
