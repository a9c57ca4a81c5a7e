package io.timelog.examples.flights.delays;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightSerdes;
import io.timelog.examples.flights.run.Application;
import io.timelog.examples.flights.run.Job;
import io.timelog.examples.flights.run.TopicSettings;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.ForeachAction;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The application: flights by airport of departure in, delays by airport and window out.
 *
 * <pre>
 *   flights ──▶ hopping windows ──▶ aggregate ──▶ delays
 *                                      │
 *                             Timelog window store ──▶ changelog
 * </pre>
 *
 * <p>Nothing here speaks of Timelog: the line of the configuration in {@link Application#config}
 * puts the windows there.
 */
final class FlightDelaysTopology {
  /** The output topic: airport and window, delays; the last record of a window is its result. */
  static final String DELAYS = "delays";

  /** The window store. */
  static final String STORE = "delays-by-airport";

  private FlightDelaysTopology() {}

  /** Builds the application; {@code onFlight} sees every flight before it is added up. */
  static Topology build(
      HoppingWindows windows, ForeachAction<? super String, ? super Flight> onFlight) {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(Job.FLIGHTS, Consumed.with(Serdes.String(), FlightSerdes.flight()))
        .peek(onFlight)
        .groupByKey(Grouped.with(Serdes.String(), FlightSerdes.flight()))
        .windowedBy(windows.timeWindows())
        .aggregate(
            Delays::none,
            (airport, flight, delays) -> delays.plus(flight),
            Materialized.<String, Delays, WindowStore<Bytes, byte[]>>as(STORE)
                .withKeySerde(Serdes.String())
                .withValueSerde(DelaysSerdes.delays())
                .withLoggingEnabled(TopicSettings.keepForever()))
        .toStream()
        .to(DELAYS, Produced.with(airportWindow(windows), DelaysSerdes.delays()));
    return builder.build();
  }

  /** The keys of the output topic. */
  static Serde<Windowed<String>> airportWindow(HoppingWindows windows) {
    return WindowedSerdes.timeWindowedSerdeFrom(String.class, windows.size().toMillis());
  }
}
