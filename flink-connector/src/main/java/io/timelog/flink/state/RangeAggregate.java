package io.timelog.flink.state;

import io.timelog.TimePrecision;
import io.timelog.TimeRange;
import java.time.Instant;

/**
 * An aggregate over ranges of time of a {@link TimeIndexedState}, of the key that is current when
 * it is asked. See {@link TimeIndexedState#aggregate}.
 *
 * @param <OUT> the type of the results
 */
public interface RangeAggregate<OUT> {
  /** The aggregate of the values in a range; that of none if there are none. */
  OUT over(TimeRange range);

  /** As {@link #over(TimeRange)}, in {@code [start, end)}. */
  default OUT over(long start, long end) {
    return over(TimeRange.of(start, end));
  }

  /**
   * As {@link #over(TimeRange)}, in {@code [start, end)}.
   *
   * @throws ArithmeticException if an instant does not fit into a timestamp
   */
  default OUT over(Instant start, Instant end) {
    return over(TimePrecision.MILLIS.toRange(start, end));
  }

  /** The aggregate of all values; as {@link #over(TimeRange)}. */
  default OUT over() {
    return over(TimeRange.all());
  }
}
