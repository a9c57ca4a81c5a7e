package io.timelog.benchmarks.flink.stream;

/**
 * What an operator cost in one round.
 *
 * @param contender id of whose it is
 * @param shape id of what it does
 * @param before how many events came before
 * @param weighed how many events were weighed
 * @param nanos CPU time of the operator's thread per event, watermarks and timers included
 * @param results how many came out
 * @param checksum of all results, in whatever order; equal for equal work
 */
public record StreamCost(
    String contender,
    String shape,
    int before,
    int weighed,
    double nanos,
    long results,
    long checksum) {
  /** Whether both are of the same work, whoever did it. */
  public boolean isOfTheSameWork(StreamCost other) {
    return shape.equals(other.shape) && before == other.before && weighed == other.weighed;
  }

  /** Whether both came to the same results. */
  public boolean hasTheSameResults(StreamCost other) {
    return results == other.results && checksum == other.checksum;
  }
}
