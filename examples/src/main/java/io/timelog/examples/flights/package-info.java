/**
 * Five jobs over a week of real flights, each a command in a room of its own.
 *
 * <ul>
 *   <li>{@code delays}: which airports kept their passengers waiting, and when; an aggregation in
 *       hopping windows
 *   <li>{@code better}: which late flights had a punctual one beside them; a stream-stream join
 *   <li>{@code board}: what left in the last two days, asked over HTTP; an event-log store and
 *       interactive queries
 *   <li>{@code flink}: which departures the passengers of late flights missed; windows and an
 *       interval join in Flink
 *   <li>{@code known}: what was known at the airport when a flight was to leave; a rolling
 *       aggregate and an as-of join in Flink
 * </ul>
 *
 * <p>Each but the last starts a Kafka broker in its own process, feeds it the flights in the order
 * in which they were observed, lets an application make something of them, and checks that against
 * a plain computation over the same file. The last reads the file by itself.
 *
 * <p>Two rooms are for all of them: {@code data} has the flights, {@code run} what a run is made
 * of. Jobs know these two and not each other, but for the Flink jobs, which count delays as {@code
 * delays} does.
 *
 * <p>Read next: the topology of a job, {@code delays.FlightDelaysTopology} first; {@link
 * io.timelog.examples.flights.run.Application}, for the one line that puts the state into Timelog.
 */
@NullMarked
package io.timelog.examples.flights;

import org.jspecify.annotations.NullMarked;
