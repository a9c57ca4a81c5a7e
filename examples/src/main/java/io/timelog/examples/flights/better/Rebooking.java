package io.timelog.examples.flights.better;

import io.timelog.examples.flights.data.Flight;
import java.time.Duration;

/**
 * When one flight would have been the better choice than another.
 *
 * @param lateMinutes from which delay on a flight counts as late, more than {@link
 *     #PUNCTUAL_MINUTES}
 * @param within how far apart in event time the two may be
 */
record Rebooking(int lateMinutes, Duration within) {
  /** A flight less late than this is on time. It is what the US government calls so. */
  static final int PUNCTUAL_MINUTES = 15;

  /** Whether passengers of this flight would rather have taken another. */
  boolean isLate(Flight flight) {
    return flight.delayMinutes() >= lateMinutes;
  }

  /** Whether this flight would have been the better choice. */
  boolean isPunctual(Flight flight) {
    return flight.delayMinutes() < PUNCTUAL_MINUTES;
  }

  /** From where to where a flight goes, like {@code LAX-LAS}. */
  static String route(Flight flight) {
    return flight.origin() + "-" + flight.destination();
  }
}
