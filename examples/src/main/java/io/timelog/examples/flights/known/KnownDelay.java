package io.timelog.examples.flights.known;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.delays.Delays;
import org.apache.flink.api.java.tuple.Tuple2;
import org.jspecify.annotations.Nullable;

/**
 * What was known when a flight was to leave. A POJO for Flink.
 *
 * @param departure the flight
 * @param last the departure that was seen last at its airport; null if none was of late
 * @param lately the departures in the half hour up to that one
 */
public record KnownDelay(Flight departure, @Nullable Flight last, Delays lately) {
  /** Of a flight and what was seen last, with the departures up to it. */
  static KnownDelay of(Flight departure, @Nullable Tuple2<Flight, Delays> seen) {
    return seen == null
        ? new KnownDelay(departure, null, Delays.none())
        : new KnownDelay(departure, seen.f0, seen.f1);
  }
}
