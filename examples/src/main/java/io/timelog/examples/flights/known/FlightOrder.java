package io.timelog.examples.flights.known;

import io.timelog.examples.flights.data.Flight;

/** The orders in which flights become known. */
enum FlightOrder {
  /** As the schedule has them. */
  SCHEDULED {
    @Override
    long millis(Flight flight) {
      return flight.scheduledMillis();
    }
  },
  /** As they and their delays were seen. */
  OBSERVED {
    @Override
    long millis(Flight flight) {
      return flight.observedMillis();
    }
  };

  /** When a flight becomes known, milliseconds since the epoch. */
  abstract long millis(Flight flight);
}
