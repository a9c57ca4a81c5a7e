package io.timelog.flink.streams;

import io.timelog.flink.internal.stream.EventTime;
import java.time.Duration;
import java.util.Objects;

/** Durations as milliseconds, checked when an operator is described. */
final class Millis {
  private Millis() {}

  /**
   * Any duration.
   *
   * @throws IllegalArgumentException if it is longer than 18 million years
   */
  static long of(String what, Duration duration) {
    Objects.requireNonNull(duration, what);
    Duration longest = Duration.ofMillis(EventTime.MAX_MILLIS);
    if (duration.abs().compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          what + " must be at most " + EventTime.MAX_MILLIS + " ms: " + duration);
    }
    return duration.toMillis();
  }

  /**
   * A duration of no or of some milliseconds.
   *
   * @throws IllegalArgumentException if it is negative, or as {@link #of}
   */
  static long ofNotNegative(String what, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(what + " must not be negative: " + duration);
    }
    return of(what, duration);
  }

  /**
   * A duration of some milliseconds.
   *
   * @throws IllegalArgumentException if it is shorter than a millisecond, or as {@link #of}
   */
  static long ofPositive(String what, Duration duration) {
    long millis = of(what, duration);
    if (millis < 1) {
      throw new IllegalArgumentException(what + " must be at least 1 ms: " + duration);
    }
    return millis;
  }
}
