package io.timelog.examples.flights.flink;

import io.timelog.examples.flights.data.Flight;

/**
 * A departure that the passengers of a late flight did not reach. A POJO for Flink.
 *
 * @param late the flight they came by
 * @param departure the flight they would have gone on by
 */
public record MissedConnection(Flight late, Flight departure) {
  private static final String SEPARATOR = " then ";

  /** Reads a {@link #line}. */
  static MissedConnection parse(String line) {
    int separator = line.indexOf(SEPARATOR);
    return new MissedConnection(
        Flight.parse(line.substring(0, separator)),
        Flight.parse(line.substring(separator + SEPARATOR.length())));
  }

  /** As it is in the output topic. */
  String line() {
    return late.line() + SEPARATOR + departure.line();
  }
}
