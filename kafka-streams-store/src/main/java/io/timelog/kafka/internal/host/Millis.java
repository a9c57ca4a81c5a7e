package io.timelog.kafka.internal.host;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Milliseconds out of what a user says. */
public final class Millis {
  private static final int NANOS_PER_MILLI = 1_000_000;

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
    if (duration.toNanosPart() % NANOS_PER_MILLI != 0) {
      throw notMillis(what, duration, store, null);
    }
    try {
      return duration.toMillis();
    } catch (ArithmeticException e) {
      throw notMillis(what, duration, store, e);
    }
  }

  /**
   * The milliseconds from the epoch to an instant.
   *
   * @throws IllegalArgumentException if they are more than a {@code long} holds
   */
  public static long of(Instant instant) {
    try {
      return instant.toEpochMilli();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "The instant is too far from the epoch for milliseconds: instant=" + instant, e);
    }
  }

  private static IllegalArgumentException notMillis(
      String what, Duration duration, String store, @Nullable ArithmeticException cause) {
    return new IllegalArgumentException(
        what + " must be a number of milliseconds: " + what + "=" + duration + ", store=" + store,
        cause);
  }
}
