package io.timelog.benchmarks.flink.timer;

import io.timelog.benchmarks.report.Cost;

/**
 * What one operation cost in one round.
 *
 * @param place id of the place of the timers
 * @param shape id of the times that they are at
 * @param timers how many there are
 * @param operation what was done, or the kind of the figure
 * @param amount per timer
 * @param unit of the amount
 * @param checksum of the times of all timers in the order in which they came; equal for equal work
 */
public record TimerCost(
    String place,
    String shape,
    int timers,
    String operation,
    double amount,
    Cost.Unit unit,
    long checksum) {
  /** Whether both are of the same work, wherever the timers were. */
  public boolean isOfTheSameWork(TimerCost other) {
    return shape.equals(other.shape) && timers == other.timers && operation.equals(other.operation);
  }

  /** The amount for people. */
  public String written(double anyAmount) {
    return new Cost(shape, operation, anyAmount, unit).written(anyAmount);
  }
}
