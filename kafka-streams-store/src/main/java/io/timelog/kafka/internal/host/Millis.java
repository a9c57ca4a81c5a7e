package io.timelog.kafka.internal.host;

import java.time.Duration;
import java.util.Objects;

/** Milliseconds out of what a user says. */
public final class Millis {
  private Millis() {}

  /**
   * The duration in milliseconds.
   *
   * @param what the name of the parameter
   * @throws IllegalArgumentException if it is negative or not a number of milliseconds
   */
  public static long of(String what, Duration duration, String store) {
    Objects.requireNonNull(duration, what);
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          what + " must not be negative: " + what + "=" + duration + ", store=" + store);
    }
    try {
      return duration.toMillis();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          what + " must be a number of milliseconds: " + what + "=" + duration + ", store=" + store,
          e);
    }
  }
}
