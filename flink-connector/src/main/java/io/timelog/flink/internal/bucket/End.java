package io.timelog.flink.internal.bucket;

import io.timelog.TimeRange;
import java.util.List;

/** An end of a range of time, of which the outermost value is wanted. */
enum End {
  /** Where the oldest value is, the first that was appended of its timestamp. */
  OLDEST {
    @Override
    TimeRange outside(long timestamp, TimeRange range) {
      return before(timestamp, range);
    }

    @Override
    TimeRange inside(long timestamp, TimeRange range) {
      return behind(timestamp, range);
    }

    @Override
    <V> V of(List<V> values) {
      return values.get(0);
    }
  },

  /** Where the newest value is, the last that was appended of its timestamp. */
  NEWEST {
    @Override
    TimeRange outside(long timestamp, TimeRange range) {
      return behind(timestamp, range);
    }

    @Override
    TimeRange inside(long timestamp, TimeRange range) {
      return before(timestamp, range);
    }

    @Override
    <V> V of(List<V> values) {
      return values.get(values.size() - 1);
    }
  };

  /** What of a range lies nearer to this end than a timestamp. */
  abstract TimeRange outside(long timestamp, TimeRange range);

  /** What of a range lies farther from this end than a timestamp. */
  abstract TimeRange inside(long timestamp, TimeRange range);

  /** The outermost of values with the same timestamp, in the order in which they were appended. */
  abstract <V> V of(List<V> values);

  private static TimeRange before(long timestamp, TimeRange range) {
    return range.intersect(TimeRange.until(timestamp));
  }

  private static TimeRange behind(long timestamp, TimeRange range) {
    return timestamp == Long.MAX_VALUE
        ? TimeRange.empty()
        : range.intersect(TimeRange.since(timestamp + 1));
  }
}
