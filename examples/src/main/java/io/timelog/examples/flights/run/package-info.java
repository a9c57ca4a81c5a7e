/**
 * What every run is made of, whatever is made of the flights: a broker in the process, topics, a
 * feeder, the application of a {@link io.timelog.examples.flights.run.Job}, a line that tells how
 * far it is, and an end that leaves nothing behind.
 *
 * <p>Read next: {@link io.timelog.examples.flights.run.JobRun}, for a run from start to end; {@link
 * io.timelog.examples.flights.run.Application}, for the configuration of Kafka Streams; {@link
 * io.timelog.examples.flights.run.FeedOptions}, for the options that all commands have.
 */
@NullMarked
package io.timelog.examples.flights.run;

import org.jspecify.annotations.NullMarked;
