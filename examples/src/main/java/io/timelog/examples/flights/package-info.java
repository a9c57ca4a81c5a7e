/**
 * The first job: which airports kept their passengers waiting, and when.
 *
 * <p>{@link io.timelog.examples.flights.FlightDelays} is the command. It starts a Kafka broker in
 * its own process, feeds it a week of real flights in the order in which they were observed, and
 * lets a Kafka Streams application add up departures and delays per airport in hopping windows of
 * event time.
 *
 * <p>Read next: {@link io.timelog.examples.flights.FlightDelaysTopology} (the application, and the
 * one line that puts its windows into Timelog), {@link io.timelog.examples.flights.FlightDelaysJob}
 * (a run from start to end) and {@link io.timelog.examples.flights.PlainComputation} (the same
 * answer without Kafka, against which every run is checked).
 */
@NullMarked
package io.timelog.examples.flights;

import org.jspecify.annotations.NullMarked;
