package io.timelog.examples.flights.delays;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.run.Application;
import io.timelog.examples.flights.run.Job;
import io.timelog.examples.flights.run.OutputTopic;
import io.timelog.examples.flights.run.StopSignal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.ForeachAction;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.query.StateQueryResult;
import org.apache.kafka.streams.query.WindowRangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * Delays per airport and window.
 *
 * @param windows what to add flights up in
 */
record FlightDelaysJob(HoppingWindows windows) implements Job<Outcome> {
  @Override
  public String applicationId() {
    return "flight-delays";
  }

  @Override
  public String keyOf(Flight flight) {
    return flight.origin();
  }

  @Override
  public List<String> outputTopics() {
    return List.of(FlightDelaysTopology.DELAYS);
  }

  @Override
  public Topology topology(ForeachAction<? super String, ? super Flight> onFlight) {
    return FlightDelaysTopology.build(windows, onFlight);
  }

  @Override
  public Outcome collect(Application application, StopSignal stop)
      throws StopSignal.StoppedException {
    return new Outcome(
        results(application, stop), stored(application), application.droppedUpdates());
  }

  /** The last delays of every airport and window. */
  private Map<AirportWindow, Delays> results(Application application, StopSignal stop)
      throws StopSignal.StoppedException {
    Map<AirportWindow, Delays> last = new HashMap<>();
    new OutputTopic<>(
            FlightDelaysTopology.DELAYS,
            FlightDelaysTopology.airportWindow(windows),
            DelaysSerdes.delays())
        .read(
            application.bootstrapServers(),
            stop,
            (key, delays) -> last.put(airportWindow(key), delays));
    return last;
  }

  /*
   * What is in the window store, by an interactive query. The query goes past Kafka's cache, which
   * may still show windows that have expired, to the store itself. Everything is committed, so the
   * cache holds nothing that the store does not.
   */
  private static Map<AirportWindow, Delays> stored(Application application) {
    StateQueryResult<KeyValueIterator<Windowed<String>, ValueAndTimestamp<Delays>>> result =
        application
            .streams()
            .query(
                StateQueryRequest.inStore(FlightDelaysTopology.STORE)
                    .withQuery(
                        WindowRangeQuery.withWindowStartRange(
                            Instant.EPOCH, Instant.ofEpochMilli(Long.MAX_VALUE))));
    Map<AirportWindow, Delays> stored = new HashMap<>();
    for (var partition : result.getPartitionResults().values()) {
      try (KeyValueIterator<Windowed<String>, ValueAndTimestamp<Delays>> windows =
          partition.getResult()) {
        while (windows.hasNext()) {
          KeyValue<Windowed<String>, ValueAndTimestamp<Delays>> entry = windows.next();
          stored.put(airportWindow(entry.key), entry.value.value());
        }
      }
    }
    return stored;
  }

  private static AirportWindow airportWindow(Windowed<String> key) {
    return new AirportWindow(key.key(), key.window().start());
  }
}
