package io.timelog;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * The unit of a log's timestamps, counted from 1970-01-01T00:00:00Z.
 *
 * <p>The engine itself never asks what a timestamp means; the precision is used only to convert
 * {@link Instant} and {@link Duration}. An instant that falls between two timestamps becomes the
 * earlier one, so ranges that meet as instants meet as timestamps. A duration is a size that
 * somebody chose and must be a whole number of ticks. What does not fit into a {@code long} is an
 * {@link ArithmeticException} and never a wrong number.
 */
public enum TimePrecision {
  /** Seconds; every {@link Instant} fits, but not every timestamp is an {@link Instant}. */
  SECONDS(1),
  /** Milliseconds; years -292275055 to 292278994. */
  MILLIS(1_000),
  /** Microseconds; years -290308 to 294247. */
  MICROS(1_000_000),
  /** Nanoseconds; years 1677 to 2262. */
  NANOS(1_000_000_000);

  private final int ticksPerSecond;
  private final int nanosPerTick;

  TimePrecision(int ticksPerSecond) {
    this.ticksPerSecond = ticksPerSecond;
    this.nanosPerTick = 1_000_000_000 / ticksPerSecond;
  }

  /**
   * The last timestamp that is not after {@code instant}.
   *
   * @throws ArithmeticException if it does not fit into a {@code long}
   */
  public long toTimestamp(Instant instant) {
    Objects.requireNonNull(instant, "instant");
    try {
      return ticks(instant.getEpochSecond(), instant.getNano());
    } catch (ArithmeticException overflow) {
      throw overflow("The instant does not fit into a timestamp: instant=" + instant, overflow);
    }
  }

  /**
   * The instant that {@code timestamp} stands for.
   *
   * @throws ArithmeticException if it is outside {@link Instant#MIN} to {@link Instant#MAX}; only
   *     possible for {@link #SECONDS}
   */
  public Instant toInstant(long timestamp) {
    try {
      return Instant.ofEpochSecond(
          Math.floorDiv(timestamp, (long) ticksPerSecond),
          Math.floorMod(timestamp, (long) ticksPerSecond) * nanosPerTick);
    } catch (DateTimeException outside) {
      throw overflow("The timestamp does not fit into an Instant: timestamp=" + timestamp, outside);
    }
  }

  /**
   * The length of {@code duration} in ticks.
   *
   * @throws ArithmeticException if it is not a whole number of ticks or does not fit into a {@code
   *     long}
   */
  public long toTicks(Duration duration) {
    Objects.requireNonNull(duration, "duration");
    if (duration.getNano() % nanosPerTick != 0) {
      throw new ArithmeticException(
          "The duration is not a whole number of ticks: duration="
              + duration
              + ", precision="
              + this);
    }
    try {
      return ticks(duration.getSeconds(), duration.getNano());
    } catch (ArithmeticException overflow) {
      throw overflow("The duration does not fit into ticks: duration=" + duration, overflow);
    }
  }

  /** The length of {@code ticks} ticks. Every number of ticks is a {@link Duration}. */
  public Duration toDuration(long ticks) {
    return Duration.ofSeconds(
        Math.floorDiv(ticks, (long) ticksPerSecond),
        Math.floorMod(ticks, (long) ticksPerSecond) * nanosPerTick);
  }

  /**
   * {@code [start, end)} as timestamps; empty if {@code start} is not before {@code end}.
   *
   * @throws ArithmeticException if an end does not fit into a {@code long}
   */
  public TimeRange toRange(Instant start, Instant end) {
    return TimeRange.of(toTimestamp(start), toTimestamp(end));
  }

  private long ticks(long seconds, int nanos) {
    int fraction = nanos / nanosPerTick;
    if (seconds < 0 && fraction > 0) {
      // The whole seconds alone may lie below Long.MIN_VALUE although the sum does not.
      return Math.addExact(
          Math.multiplyExact(seconds + 1, (long) ticksPerSecond), fraction - ticksPerSecond);
    }
    return Math.addExact(Math.multiplyExact(seconds, (long) ticksPerSecond), fraction);
  }

  private ArithmeticException overflow(String message, RuntimeException cause) {
    ArithmeticException exception = new ArithmeticException(message + ", precision=" + this);
    exception.initCause(cause);
    return exception;
  }
}
