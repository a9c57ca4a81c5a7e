package io.timelog.examples.flights.delays;

/**
 * One window of one airport.
 *
 * @param airport IATA code
 * @param startMillis start of the window, milliseconds since the epoch
 */
public record AirportWindow(String airport, long startMillis) {}
