package io.timelog.examples.flights.run;

import io.timelog.examples.flights.data.Flight;
import io.timelog.kafka.TimelogDslStoreSuppliers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;

/**
 * The running Kafka Streams application of a job. It has one thread: with two, a rebalance while
 * flights come in would reset the stream time of a partition, and what is late would depend on
 * chance.
 */
public final class Application implements AutoCloseable {
  private static final Duration COMMIT_INTERVAL = Duration.ofMillis(500);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final LongAdder flights = new LongAdder();
  private final LongAccumulator streamTime = new LongAccumulator(Math::max, 0);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final String bootstrapServers;
  private final KafkaStreams streams;

  private Application(Job<?> job, String bootstrapServers, Path stateDirectory) {
    this.bootstrapServers = bootstrapServers;
    streams =
        new KafkaStreams(
            job.topology((key, flight) -> count(flight)),
            config(job.applicationId(), bootstrapServers, stateDirectory));
    streams.setUncaughtExceptionHandler(
        exception -> {
          failure.compareAndSet(null, exception);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
  }

  /** Starts the application; it joins its group and waits for flights. */
  static Application start(Job<?> job, String bootstrapServers, Path stateDirectory) {
    Application application = new Application(job, bootstrapServers, stateDirectory);
    application.streams.start();
    return application;
  }

  private void count(Flight flight) {
    flights.increment();
    streamTime.accumulate(flight.scheduledMillis());
  }

  /** The configuration of an application whose state is in Timelog. */
  public static Properties config(
      String applicationId, String bootstrapServers, Path stateDirectory) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "" + COMMIT_INTERVAL.toMillis());
    // This is all that it takes.
    config.put(
        StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG, TimelogDslStoreSuppliers.class.getName());
    return config;
  }

  /** Where clients find the broker. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** What to query its stores by. */
  public KafkaStreams streams() {
    return streams;
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

  /** How many updates Kafka Streams has dropped for coming too late; its own count. */
  public long droppedUpdates() {
    return (long)
        streams.metrics().values().stream()
            .filter(metric -> metric.metricName().group().equals("stream-task-metrics"))
            .filter(metric -> metric.metricName().name().equals("dropped-records-total"))
            .mapToDouble(metric -> (double) metric.metricValue())
            .sum();
  }

  @Override
  public void close() {
    streams.close(CLOSE_TIMEOUT);
  }
}
