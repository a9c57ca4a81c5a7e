package io.timelog.flink.internal.stream;

import java.io.Serializable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The timestamps that an operator takes.
 *
 * @param operator what it is called in messages
 * @param reach how many milliseconds behind a row its timers may lie
 */
public record EventTime(String operator, long reach) implements Serializable {
  /** Rows that are as far apart as that are refused as bounds, so that no sum of two overflows. */
  public static final long MAX_MILLIS = Long.MAX_VALUE / 16;

  /**
   * The timestamp of a record.
   *
   * @throws IllegalArgumentException if it has none, or lies so far in the future that timers would
   *     lie behind the end of time
   */
  public long of(StreamRecord<?> row) {
    long timestamp = row.getTimestamp();
    if (timestamp == Long.MIN_VALUE) {
      throw new IllegalArgumentException(
          "A record has no timestamp. Call assignTimestampsAndWatermarks on the stream before: "
              + "operator="
              + operator);
    }
    if (timestamp > Long.MAX_VALUE - reach) {
      throw new IllegalArgumentException(
          "A record lies too far in the future: timestamp="
              + timestamp
              + ", latest="
              + (Long.MAX_VALUE - reach)
              + ", operator="
              + operator);
    }
    return timestamp;
  }

  /** A timestamp and a number of milliseconds; the end of time where the sum lies behind it. */
  public static long plus(long timestamp, long millis) {
    long sum = timestamp + millis;
    boolean overflown = ((timestamp ^ sum) & (millis ^ sum)) < 0;
    if (overflown) {
      return millis > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
    return sum;
  }
}
