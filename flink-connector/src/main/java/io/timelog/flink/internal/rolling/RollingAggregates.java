package io.timelog.flink.internal.rolling;

import io.timelog.TimeRange;

/**
 * The rows of the current key by time, and aggregates of ranges of them.
 *
 * @param <T> the type of the rows
 * @param <A> the type of the accumulators
 */
public interface RollingAggregates<T, A> {
  /** Adds a row, behind those that have the same timestamp. */
  void add(long timestamp, T row) throws Exception;

  /**
   * What the rows in a range come to, added and merged in the order of time. To be asked after each
   * row that was added, or after all of one timestamp, for a range that ends with them.
   *
   * @param range not empty
   * @param closed no row is added any more at this time or before; it lies before the end of the
   *     range. When a job comes back from a failure it may have gone back.
   * @return the caller's to keep
   */
  A over(TimeRange range, long closed) throws Exception;

  /** Forgets rows; no range is asked any more that begins before the cutoff. */
  void deleteBefore(long cutoff);
}
