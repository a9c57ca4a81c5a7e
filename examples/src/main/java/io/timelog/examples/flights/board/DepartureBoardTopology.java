package io.timelog.examples.flights.board;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightSerdes;
import io.timelog.examples.flights.run.Job;
import io.timelog.examples.flights.run.TopicSettings;
import io.timelog.kafka.TimelogStores;
import io.timelog.kafka.eventlog.EventLogStore;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.ForeachAction;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The application: flights by airport of departure in, and nothing out but what is asked for.
 *
 * <pre>
 *   flights ──▶ keeper ──▶ Timelog event-log store ──▶ changelog
 *                                   ▲
 *                          interactive queries
 * </pre>
 */
final class DepartureBoardTopology {
  /** The event-log store: airport of departure, event time, flight. */
  static final String STORE = "departures";

  /** How long a flight stays on the board. More than the latest of these flights is late. */
  static final Duration RETENTION = Duration.ofDays(2);

  private DepartureBoardTopology() {}

  /** Builds the application; {@code onFlight} sees every flight before it is on the board. */
  static Topology build(ForeachAction<? super String, ? super Flight> onFlight) {
    return new Topology()
        .addSource(
            "source", new StringDeserializer(), FlightSerdes.flight().deserializer(), Job.FLIGHTS)
        .addProcessor("keeper", () -> new Keeper(onFlight), "source")
        .addStateStore(
            TimelogStores.eventLogStore(STORE, Serdes.String(), FlightSerdes.flight())
                .withRetention(RETENTION)
                .withLoggingEnabled(TopicSettings.keepForever()),
            "keeper");
  }

  private static final class Keeper extends ContextualProcessor<String, Flight, Void, Void> {
    private final ForeachAction<? super String, ? super Flight> onFlight;

    private Keeper(ForeachAction<? super String, ? super Flight> onFlight) {
      this.onFlight = onFlight;
    }

    @Override
    public void process(Record<String, Flight> record) {
      onFlight.apply(record.key(), record.value());
      EventLogStore<String, Flight> departures = context().getStateStore(STORE);
      departures.append(record.key(), record.timestamp(), record.value());
    }
  }
}
