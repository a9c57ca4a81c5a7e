package io.timelog.flink.internal.rolling;

import io.timelog.TimeRange;
import io.timelog.flink.state.RangeAggregate;
import io.timelog.flink.state.TimeIndexedState;

/** Aggregates as the state of the rows has them: where it finds no ranges, by going through it. */
record StateAggregates<T, A>(TimeIndexedState<T> rows, RangeAggregate<A> ranges)
    implements RollingAggregates<T, A> {
  @Override
  public void add(long timestamp, T row) {
    rows.append(timestamp, row);
  }

  @Override
  public A over(TimeRange range, long closed) {
    return ranges.over(range);
  }

  @Override
  public void deleteBefore(long cutoff) {
    rows.deleteBefore(cutoff);
  }
}
