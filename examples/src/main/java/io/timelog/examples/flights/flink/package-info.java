/**
 * A Flink job over the same week of flights: how long each airport kept its passengers waiting, and
 * which departures the passengers of late flights missed.
 *
 * <p>It is run by {@link io.timelog.examples.flights.flink.FlightConnections} on a cluster of its
 * own, with a Kafka broker on both sides. In the middle of it a task manager is killed.
 *
 * <p>Read next:
 *
 * <ol>
 *   <li>{@link io.timelog.examples.flights.flink.ConnectionsJob}, the job. Nothing in it speaks of
 *       Timelog.
 *   <li>{@link io.timelog.examples.flights.flink.FlinkCluster}, for the one line of the
 *       configuration that puts its state there, and for checkpoints.
 *   <li>{@link io.timelog.examples.flights.flink.FlinkRun}, for a run from start to end.
 * </ol>
 */
@NullMarked
package io.timelog.examples.flights.flink;

import org.jspecify.annotations.NullMarked;
