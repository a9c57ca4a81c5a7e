package io.timelog.examples.flights.data;

import java.util.concurrent.TimeUnit;

/**
 * One flight, as a line of the data file has it.
 *
 * @param scheduledMillis the event time, milliseconds since the epoch
 * @param delayMinutes negative if early
 * @param distanceMiles from origin to destination
 * @param origin IATA code of an airport
 * @param destination IATA code of an airport
 */
public record Flight(
    long scheduledMillis, int delayMinutes, int distanceMiles, String origin, String destination) {
  /** The names of the fields in the order in which a line has them. */
  static final String HEADER = "scheduled_ms,delay_min,distance_mi,origin,destination";

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is not a flight
   */
  public static Flight parse(String line) {
    String[] fields = line.split(",", -1);
    if (fields.length != 5) {
      throw new IllegalArgumentException("Not a flight: line=" + line + ", expected=" + HEADER);
    }
    try {
      return new Flight(
          Long.parseLong(fields[0]),
          Integer.parseInt(fields[1]),
          Integer.parseInt(fields[2]),
          fields[3],
          fields[4]);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Not a flight: line=" + line + ", expected=" + HEADER, e);
    }
  }

  /** The line that {@link #parse} reads. */
  public String line() {
    return scheduledMillis
        + ","
        + delayMinutes
        + ","
        + distanceMiles
        + ","
        + origin
        + ","
        + destination;
  }

  /** When the flight and its delay had been observed, milliseconds since the epoch. */
  public long observedMillis() {
    return scheduledMillis + TimeUnit.MINUTES.toMillis(delayMinutes);
  }
}
