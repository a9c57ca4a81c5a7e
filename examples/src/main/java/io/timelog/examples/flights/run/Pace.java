package io.timelog.examples.flights.run;

import java.time.Duration;

/** How fast flights are fed to the broker. */
public sealed interface Pace {
  /** Waits until it is time for the flight after {@code sent} others. */
  void await(long sent, long startedNanos, StopSignal stop)
      throws StopSignal.StoppedException, InterruptedException;

  /** As fast as the broker takes them. */
  record Unlimited() implements Pace {
    @Override
    public void await(long sent, long startedNanos, StopSignal stop)
        throws StopSignal.StoppedException {
      stop.check();
    }
  }

  /**
   * So many in a second.
   *
   * @param flights at least 1
   */
  record PerSecond(int flights) implements Pace {
    @Override
    public void await(long sent, long startedNanos, StopSignal stop)
        throws StopSignal.StoppedException, InterruptedException {
      long due = startedNanos + sent * Duration.ofSeconds(1).toNanos() / flights;
      stop.pause(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
    }
  }
}
