/**
 * Which airports kept their passengers waiting, and when: departures and mean delay of each airport
 * in hopping windows, on a Timelog window store. {@link
 * io.timelog.examples.flights.delays.FlightDelays} is the command.
 *
 * <p>Read next: {@code FlightDelaysTopology}, the job; {@code PlainComputation}, the same without
 * Kafka and without Timelog, which every run is checked against; {@code FlightDelaysJob}, for how
 * results and contents of the store are collected.
 */
@NullMarked
package io.timelog.examples.flights.delays;

import org.jspecify.annotations.NullMarked;
