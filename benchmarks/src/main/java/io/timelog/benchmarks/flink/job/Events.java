package io.timelog.benchmarks.flink.job;

import java.time.Duration;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.connector.datagen.source.GeneratorFunction;

/**
 * Events by number: key, time and value, which is the number. They are spread over ten minutes, a
 * little out of order, and always the same.
 */
final class Events implements GeneratorFunction<Long, Tuple3<Long, Long, Long>> {
  private static final long serialVersionUID = 1L;

  /** An event is less than this behind an earlier one. */
  static final long OUT_OF_ORDER_MILLIS = 200;

  private static final long SPAN_MILLIS = Duration.ofMinutes(10).toMillis();

  private final int events;
  private final int keys;

  Events(int events, int keys) {
    this.events = events;
    this.keys = keys;
  }

  @Override
  public Tuple3<Long, Long, Long> map(Long number) {
    if (number == 0) {
      Gauge.firstEvent();
    }
    long mixed = Gauge.mix(number);
    long late = Math.floorMod(mixed >>> 32, OUT_OF_ORDER_MILLIS);
    return Tuple3.of(
        Math.floorMod(mixed, (long) keys),
        OUT_OF_ORDER_MILLIS + number * SPAN_MILLIS / events - late,
        number);
  }
}
