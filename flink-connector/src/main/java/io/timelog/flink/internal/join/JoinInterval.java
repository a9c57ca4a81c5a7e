package io.timelog.flink.internal.join;

import io.timelog.TimeRange;
import io.timelog.flink.internal.stream.EventTime;
import java.io.Serializable;

/**
 * How far from a row its partners on the other side may lie, in milliseconds, both bounds included.
 */
public record JoinInterval(long lower, long upper) implements Serializable {
  /** The interval as the other side sees it. */
  JoinInterval reversed() {
    return new JoinInterval(-upper, -lower);
  }

  /** Where the partners of a row lie. */
  TimeRange around(long timestamp) {
    return TimeRange.closed(EventTime.plus(timestamp, lower), EventTime.plus(timestamp, upper));
  }

  /** The last time at which a partner of a row may come that is not late. */
  long lastPartner(long timestamp) {
    return timestamp + waitMillis();
  }

  /** How long a row waits for partners. */
  long waitMillis() {
    return Math.max(upper, 0);
  }
}
