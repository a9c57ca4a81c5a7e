package io.timelog.flink.internal.rolling;

import io.timelog.Entry;
import io.timelog.TimeRange;
import io.timelog.flink.state.TimeIndexedState;

/** Aggregates that are computed from all rows in range, each time anew. */
final class ScannedAggregates<T, A> implements RollingAggregates<T, A> {
  private final TimeIndexedState<T> rows;
  private final Accumulators<T, A> accumulators;

  ScannedAggregates(TimeIndexedState<T> rows, Accumulators<T, A> accumulators) {
    this.rows = rows;
    this.accumulators = accumulators;
  }

  @Override
  public void add(long timestamp, T row) {
    rows.append(timestamp, row);
  }

  @Override
  public A over(TimeRange range, long closed) {
    A accumulator = accumulators.none();
    for (Entry<T> row : rows.range(range)) {
      accumulator = accumulators.added(accumulator, row.value());
    }
    return accumulator;
  }

  @Override
  public void deleteBefore(long cutoff) {
    rows.deleteBefore(cutoff);
  }
}
