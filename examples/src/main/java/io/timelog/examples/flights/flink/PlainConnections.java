package io.timelog.examples.flights.flink;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.delays.AirportWindow;
import io.timelog.examples.flights.delays.Delays;
import io.timelog.examples.flights.delays.HoppingWindows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The same answer without Flink, without Kafka and without Timelog: loops and hash maps. */
final class PlainConnections {
  private PlainConnections() {}

  /** What the job must come to. */
  static Found of(List<Flight> flights, HoppingWindows windows, Connecting connecting) {
    return new Found(delays(flights, windows), missed(flights, connecting));
  }

  private static Set<AirportDelays> delays(List<Flight> flights, HoppingWindows windows) {
    Map<AirportWindow, Delays> sums = new HashMap<>();
    for (Flight flight : flights) {
      windows
          .startsAround(flight.scheduledMillis())
          .mapToObj(start -> new AirportWindow(flight.origin(), start))
          .forEach(
              window -> sums.put(window, sums.getOrDefault(window, Delays.none()).plus(flight)));
    }
    return sums.entrySet().stream()
        .map(sum -> new AirportDelays(sum.getKey(), sum.getValue()))
        .collect(Collectors.toSet());
  }

  private static Set<MissedConnection> missed(List<Flight> flights, Connecting connecting) {
    Map<String, List<Flight>> departures = new HashMap<>();
    for (Flight flight : flights) {
      departures.computeIfAbsent(flight.origin(), airport -> new ArrayList<>()).add(flight);
    }
    Set<MissedConnection> missed = new HashSet<>();
    for (Flight late : flights) {
      if (connecting.isLate(late)) {
        long arrival = Connecting.arrivalMillis(late);
        for (Flight departure : departures.getOrDefault(late.destination(), List.of())) {
          if (connecting.isMissed(departure.scheduledMillis() - arrival)) {
            missed.add(new MissedConnection(late, departure));
          }
        }
      }
    }
    return missed;
  }
}
