package io.timelog.examples.flights.flink;

import io.timelog.examples.flights.data.Flight;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a connection is missed: whoever is on a flight that comes in late misses what leaves from
 * there around that time, and would have reached it otherwise.
 *
 * @param lateMinutes from which delay on a flight counts as late, at least twice {@code toChange}
 * @param toChange how long it takes to change planes
 */
record Connecting(int lateMinutes, Duration toChange) implements Serializable {
  private static final int MINUTES_ON_THE_GROUND = 30;
  private static final int MILES_PER_MINUTE = 8;

  /** Whether passengers of this flight miss connections. */
  boolean isLate(Flight flight) {
    return flight.delayMinutes() >= lateMinutes;
  }

  /**
   * When the flight came in, milliseconds since the epoch. The file has no time of arrival: the
   * time in the air is reckoned from the distance.
   */
  static long arrivalMillis(Flight flight) {
    int minutes = MINUTES_ON_THE_GROUND + flight.distanceMiles() / MILES_PER_MINUTE;
    return flight.observedMillis() + TimeUnit.MINUTES.toMillis(minutes);
  }

  /**
   * Whether a departure is missed that leaves so long after the arrival. On time, the passengers
   * would have been there {@code lateMinutes} earlier or more, and would have reached all of these.
   */
  boolean isMissed(long millisAfterArrival) {
    long millis = toChange.toMillis();
    return millisAfterArrival >= -millis && millisAfterArrival < millis;
  }
}
