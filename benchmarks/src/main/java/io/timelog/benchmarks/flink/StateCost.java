package io.timelog.benchmarks.flink;

/**
 * What one operation cost one backend in one round.
 *
 * @param backend id of the backend
 * @param shape id of the shape of state
 * @param size keys, or entries of a key, as the shape has it
 * @param operation what was done
 * @param rocksDbAtLeast so many times Timelog's cost RocksDB's is expected to be
 * @param cpuNanos CPU time of the calling thread per operation or, where the operation says so, per
 *     entry
 * @param checksum of all that was read; equal for equal work
 */
public record StateCost(
    String backend,
    String shape,
    int size,
    String operation,
    int rocksDbAtLeast,
    double cpuNanos,
    long checksum) {
  /** Whether both are of the same work, whoever did it. */
  public boolean isOfTheSameWork(StateCost other) {
    return shape.equals(other.shape) && size == other.size && operation.equals(other.operation);
  }
}
