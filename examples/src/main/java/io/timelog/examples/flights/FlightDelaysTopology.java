package io.timelog.examples.flights;

import io.timelog.kafka.TimelogStores;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.ForeachAction;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;

/**
 * The application: flights by airport of departure in, delays by airport and window out.
 *
 * <pre>
 *   flights ──▶ hopping windows ──▶ aggregate ──▶ delays
 *                                      │
 *                             Timelog window store ──▶ changelog
 * </pre>
 */
final class FlightDelaysTopology {
  /** The input topic: airport of departure, flight; the timestamp is the event time. */
  static final String FLIGHTS = "flights";

  /** The output topic: airport and window, delays; the last record of a window is its result. */
  static final String DELAYS = "delays";

  /** The window store. */
  static final String STORE = "delays-by-airport";

  private FlightDelaysTopology() {}

  /** Builds the application; {@code onFlight} sees every flight before it is added up. */
  static Topology build(
      HoppingWindows windows, ForeachAction<? super String, ? super Flight> onFlight) {
    WindowBytesStoreSupplier store =
        TimelogStores.timestampedWindowStore(STORE, windows.retention(), windows.size());
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(FLIGHTS, Consumed.with(Serdes.String(), FlightSerdes.flight()))
        .peek(onFlight)
        .groupByKey(Grouped.with(Serdes.String(), FlightSerdes.flight()))
        .windowedBy(windows.timeWindows())
        .aggregate(
            Delays::none,
            (airport, flight, delays) -> delays.plus(flight),
            Materialized.<String, Delays>as(store)
                .withKeySerde(Serdes.String())
                .withValueSerde(FlightSerdes.delays())
                .withLoggingEnabled(keepForever()))
        .toStream()
        .to(DELAYS, Produced.with(airportWindow(windows), FlightSerdes.delays()));
    return builder.build();
  }

  /** The keys of the output topic. */
  static Serde<Windowed<String>> airportWindow(HoppingWindows windows) {
    return WindowedSerdes.timeWindowedSerdeFrom(String.class, windows.size().toMillis());
  }

  /**
   * The configuration of a topic whose records are not deleted for their age. A broker compares
   * their timestamps with its own clock, and these are of 2001.
   */
  static Map<String, String> keepForever() {
    return Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");
  }
}
