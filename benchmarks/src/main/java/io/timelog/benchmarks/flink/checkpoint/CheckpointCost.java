package io.timelog.benchmarks.flink.checkpoint;

/**
 * What the checkpoints of one backend cost in one round; all times by the clock on the wall.
 *
 * @param backend id of the backend
 * @param shape id of the shape of state
 * @param entries of the state
 * @param first checkpoint, of all of it
 * @param next checkpoint, after a tenth has changed; the medians of several
 * @param restoreNanos until a subtask has read a checkpoint
 * @param rescaleNanos until the slower of two subtasks has read its half
 * @param checksum of what all of them have read; equal for equal work
 */
public record CheckpointCost(
    String backend,
    String shape,
    int entries,
    Taken first,
    Taken next,
    double restoreNanos,
    double rescaleNanos,
    long checksum) {
  /**
   * What one checkpoint took.
   *
   * @param syncNanos in which the task stands still
   * @param nanos from its beginning until all is stored
   * @param storedBytes that were written for it
   */
  public record Taken(double syncNanos, double nanos, double storedBytes) {}

  /** Whether both are of the same work, whoever did it. */
  public boolean isOfTheSameWork(CheckpointCost other) {
    return shape.equals(other.shape) && entries == other.entries;
  }
}
