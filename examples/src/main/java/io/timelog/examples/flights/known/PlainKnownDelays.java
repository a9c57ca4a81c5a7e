package io.timelog.examples.flights.known;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.delays.Delays;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The same answer without Flink and without Timelog: loops and lists. */
final class PlainKnownDelays {
  private PlainKnownDelays() {}

  /** What was known of each flight. */
  static List<KnownDelay> of(List<Flight> flights, Duration lately, Duration tolerance) {
    Map<String, List<Flight>> seen = new HashMap<>();
    flights.stream()
        .sorted(Comparator.comparingLong(Flight::observedMillis))
        .forEach(
            flight ->
                seen.computeIfAbsent(flight.origin(), airport -> new ArrayList<>()).add(flight));
    List<KnownDelay> known = new ArrayList<>();
    for (Flight departure : flights) {
      List<Flight> there = seen.getOrDefault(departure.origin(), List.of());
      known.add(of(departure, there, lately.toMillis(), tolerance.toMillis()));
    }
    return known;
  }

  private static KnownDelay of(
      Flight departure, List<Flight> seen, long latelyMillis, long toleranceMillis) {
    Flight last = null;
    for (Flight flight : seen) {
      long ago = departure.scheduledMillis() - flight.observedMillis();
      if (ago >= 0 && ago <= toleranceMillis) {
        last = flight;
      }
    }
    Delays delays = Delays.none();
    if (last != null) {
      for (Flight flight : seen) {
        long before = last.observedMillis() - flight.observedMillis();
        if (before >= 0 && before < latelyMillis) {
          delays = delays.plus(flight);
        }
      }
    }
    return new KnownDelay(departure, last, delays);
  }
}
