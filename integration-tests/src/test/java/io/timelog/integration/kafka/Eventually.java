package io.timelog.integration.kafka;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what another thread or process brings about. */
final class Eventually {
  /** Bounds hanging, and nothing else: far above what anything takes on a slow machine. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private Eventually() {}

  /**
   * Returns as soon as the condition holds.
   *
   * @throws AssertionError with {@code state} in its message if it does not within {@link
   *     #PATIENCE}
   */
  static void holds(String what, Callable<Boolean> condition, Supplier<?> state) throws Exception {
    long start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new AssertionError("It never came about: " + what + ", state=" + state.get());
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }
}
