package io.timelog.examples.flights.delays;

import io.timelog.examples.flights.data.Flight;

/**
 * What is known of the departures of one airport in one window.
 *
 * @param departures flights so far
 * @param totalMinutes the sum of their delays
 */
public record Delays(long departures, long totalMinutes) {
  private static final Delays NONE = new Delays(0, 0);

  /** Before the first flight. */
  public static Delays none() {
    return NONE;
  }

  /** With one more flight. */
  public Delays plus(Flight flight) {
    return new Delays(departures + 1, totalMinutes + flight.delayMinutes());
  }

  /** The mean delay; there must be a departure. */
  public double meanMinutes() {
    return (double) totalMinutes / departures;
  }
}
