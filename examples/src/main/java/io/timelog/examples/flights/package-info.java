/**
 * Three jobs over a week of real flights, each a command.
 *
 * <ul>
 *   <li>{@link io.timelog.examples.flights.FlightDelays}: which airports kept their passengers
 *       waiting, and when; an aggregation in hopping windows
 *   <li>{@link io.timelog.examples.flights.BetterFlights}: which late flights had a punctual one
 *       beside them; a stream-stream join
 *   <li>{@link io.timelog.examples.flights.DepartureBoard}: what left in the last two days, asked
 *       over HTTP; an event-log store and interactive queries
 * </ul>
 *
 * <p>Each starts a Kafka broker in its own process, feeds it the flights in the order in which they
 * were observed, lets a Kafka Streams application make something of them, and checks that against a
 * plain computation over the same file.
 *
 * <p>{@code flink} has a fourth, in Flink.
 *
 * <p>Read next: the topology of a job, {@link io.timelog.examples.flights.FlightDelaysTopology}
 * first; {@link io.timelog.examples.flights.Application}, for the one line that puts the state into
 * Timelog; and {@link io.timelog.examples.flights.JobRun}, for a run from start to end.
 */
@NullMarked
package io.timelog.examples.flights;

import org.jspecify.annotations.NullMarked;
