package io.timelog.examples.flights.run;

import io.timelog.examples.flights.data.Flight;
import java.util.List;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.ForeachAction;

/**
 * What is made of the flights: a Kafka Streams application that reads {@link #FLIGHTS}, and what
 * comes out of it.
 *
 * @param <R> what comes out
 */
public interface Job<R> {
  /** The input topic: the key of a flight, the flight; the timestamp is the event time. */
  String FLIGHTS = "flights";

  /** The application id, and so the consumer group. */
  String applicationId();

  /** The key under which a flight is fed. Flights of one key go to one partition. */
  String keyOf(Flight flight);

  /** The topics that the application writes to. */
  List<String> outputTopics();

  /** Builds the application; {@code onFlight} sees every flight before anything is made of it. */
  Topology topology(ForeachAction<? super String, ? super Flight> onFlight);

  /** The application runs, and its stores can be queried, until the run ends. */
  default void onStart(Application application) {}

  /**
   * Collects what came out. All flights are then processed and committed, and the application still
   * runs.
   */
  R collect(Application application, StopSignal stop) throws Exception;
}
