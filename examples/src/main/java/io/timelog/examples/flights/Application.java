package io.timelog.examples.flights;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.query.StateQueryResult;
import org.apache.kafka.streams.query.WindowRangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.jspecify.annotations.Nullable;

/**
 * The running Kafka Streams application. It has one thread: with two, a rebalance while flights
 * come in would reset the stream time of a partition, and what is late would depend on chance.
 */
final class Application implements AutoCloseable {
  /** The application id, and so the consumer group. */
  static final String ID = "flight-delays";

  private static final Duration COMMIT_INTERVAL = Duration.ofMillis(500);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final LongAdder flights = new LongAdder();
  private final LongAccumulator streamTime = new LongAccumulator(Math::max, 0);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final KafkaStreams streams;

  private Application(String bootstrapServers, Path stateDirectory, HoppingWindows windows) {
    streams =
        new KafkaStreams(
            FlightDelaysTopology.build(windows, (airport, flight) -> count(flight)),
            config(bootstrapServers, stateDirectory));
    streams.setUncaughtExceptionHandler(
        exception -> {
          failure.compareAndSet(null, exception);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
  }

  /** Starts the application; it joins its group and waits for flights. */
  static Application start(String bootstrapServers, Path stateDirectory, HoppingWindows windows) {
    Application application = new Application(bootstrapServers, stateDirectory, windows);
    application.streams.start();
    return application;
  }

  private void count(Flight flight) {
    flights.increment();
    streamTime.accumulate(flight.scheduledMillis());
  }

  private static Properties config(String bootstrapServers, Path stateDirectory) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, ID);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "" + COMMIT_INTERVAL.toMillis());
    return config;
  }

  /** How many flights it has read. */
  long flights() {
    return flights.sum();
  }

  /** The newest event time it has read, milliseconds since the epoch. */
  long streamTimeMillis() {
    return streamTime.get();
  }

  /**
   * Goes on if the application is well.
   *
   * @throws ExecutionException if it has failed
   */
  void check() throws ExecutionException {
    Throwable failed = failure.get();
    if (failed != null) {
      throw new ExecutionException("The application failed", failed);
    }
  }

  /** How many updates of closed windows Kafka Streams has dropped; its own count. */
  long droppedUpdates() {
    return (long)
        streams.metrics().values().stream()
            .filter(metric -> metric.metricName().group().equals("stream-task-metrics"))
            .filter(metric -> metric.metricName().name().equals("dropped-records-total"))
            .mapToDouble(metric -> (double) metric.metricValue())
            .sum();
  }

  /**
   * What is in the window store now, by an interactive query. The query goes past Kafka's cache,
   * which may still show windows that have expired, to the store itself; so ask after a commit,
   * when the cache holds nothing that the store does not.
   */
  Map<AirportWindow, Delays> stored() {
    StateQueryResult<KeyValueIterator<Windowed<String>, ValueAndTimestamp<Delays>>> result =
        streams.query(
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
          stored.put(
              new AirportWindow(entry.key.key(), entry.key.window().start()), entry.value.value());
        }
      }
    }
    return stored;
  }

  @Override
  public void close() {
    streams.close(CLOSE_TIMEOUT);
  }
}
