package io.timelog.examples.flights.run;

import java.time.Duration;

/** How long a run waits for something that does not get on. */
public final class Patience {
  /** So long. */
  public static final Duration LIMIT = Duration.ofMinutes(2);

  private long last = -1;
  private long lastChange = System.nanoTime();

  /** From now on. */
  public Patience() {}

  /**
   * Whether what is waited for has stood still for longer than {@link #LIMIT}.
   *
   * @param progress how far it is, at least 0
   */
  public boolean isOverAt(long progress) {
    if (progress != last) {
      last = progress;
      lastChange = System.nanoTime();
    }
    return System.nanoTime() - lastChange > LIMIT.toNanos();
  }
}
