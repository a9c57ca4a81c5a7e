package io.timelog.examples.flights.flink;

import io.timelog.examples.flights.delays.AirportWindow;
import io.timelog.examples.flights.delays.Delays;

/**
 * What is known of the departures of an airport in a window. A POJO for Flink.
 *
 * @param window airport and window
 * @param delays departures and their delays
 */
public record AirportDelays(AirportWindow window, Delays delays) {
  /** Reads a {@link #line}. */
  static AirportDelays parse(String line) {
    String[] fields = line.split(",", -1);
    return new AirportDelays(
        new AirportWindow(fields[0], Long.parseLong(fields[1])),
        new Delays(Long.parseLong(fields[2]), Long.parseLong(fields[3])));
  }

  /** As it is in the output topic: airport, start of the window, departures, minutes of delay. */
  String line() {
    return window.airport()
        + ","
        + window.startMillis()
        + ","
        + delays.departures()
        + ","
        + delays.totalMinutes();
  }
}
