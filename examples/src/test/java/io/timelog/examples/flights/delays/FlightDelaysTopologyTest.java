package io.timelog.examples.flights.delays;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightFile;
import io.timelog.examples.flights.data.FlightSerdes;
import io.timelog.examples.flights.run.Application;
import io.timelog.examples.flights.run.Job;
import io.timelog.examples.flights.run.Partitioning;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The application without a broker, against the plain computation. */
final class FlightDelaysTopologyTest {
  private static final int FLIGHTS = 4_000;

  @TempDir Path stateDirectory;

  @ParameterizedTest(name = "grace of {0} minutes")
  @ValueSource(ints = {0, 30, 120})
  void application_comesToWhatThePlainComputationComesTo(int graceMinutes) throws IOException {
    HoppingWindows windows =
        new HoppingWindows(ofMinutes(60), ofMinutes(15), ofMinutes(graceMinutes));
    List<Flight> flights = FlightFile.read(FLIGHTS);

    Outcome expected = PlainComputation.of(flights, windows, new Partitioning(1)).outcome();
    Outcome actual = run(flights, windows);

    assertThat(Differences.between(expected, actual)).isEmpty();
    assertThat(actual.results()).hasSizeGreaterThan(1_000);
    assertThat(actual.stillStored()).isNotEmpty();
  }

  private Outcome run(List<Flight> flights, HoppingWindows windows) {
    Properties config = Application.config("flight-delays-test", "none:1", stateDirectory);
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            FlightDelaysTopology.build(windows, (airport, flight) -> {}), config)) {
      TestInputTopic<String, Flight> input =
          driver.createInputTopic(
              Job.FLIGHTS, new StringSerializer(), FlightSerdes.flight().serializer());
      for (Flight flight : flights) {
        input.pipeInput(flight.origin(), flight, Instant.ofEpochMilli(flight.scheduledMillis()));
      }
      return new Outcome(results(driver, windows), stored(driver), droppedUpdates(driver));
    }
  }

  private static Map<AirportWindow, Delays> results(
      TopologyTestDriver driver, HoppingWindows windows) {
    Map<AirportWindow, Delays> results = new HashMap<>();
    driver
        .createOutputTopic(
            FlightDelaysTopology.DELAYS,
            FlightDelaysTopology.airportWindow(windows).deserializer(),
            DelaysSerdes.delays().deserializer())
        .readKeyValuesToList()
        .forEach(result -> results.put(airportWindow(result.key), result.value));
    return results;
  }

  private static Map<AirportWindow, Delays> stored(TopologyTestDriver driver) {
    Map<AirportWindow, Delays> stored = new HashMap<>();
    try (KeyValueIterator<Windowed<String>, ValueAndTimestamp<Delays>> all =
        driver.<String, Delays>getTimestampedWindowStore(FlightDelaysTopology.STORE).all()) {
      while (all.hasNext()) {
        KeyValue<Windowed<String>, ValueAndTimestamp<Delays>> entry = all.next();
        stored.put(airportWindow(entry.key), entry.value.value());
      }
    }
    return stored;
  }

  private static AirportWindow airportWindow(Windowed<String> key) {
    return new AirportWindow(key.key(), key.window().start());
  }

  private static long droppedUpdates(TopologyTestDriver driver) {
    return (long)
        driver.metrics().values().stream()
            .filter(metric -> metric.metricName().name().equals("dropped-records-total"))
            .mapToDouble(metric -> (double) metric.metricValue())
            .sum();
  }
}
