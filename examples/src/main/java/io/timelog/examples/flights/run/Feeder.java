package io.timelog.examples.flights.run;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightSerdes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the flights to the broker on a thread of its own, in the order in which they were observed
 * and with their event time as timestamp.
 */
public final class Feeder implements AutoCloseable {
  /** The topic they are sent to. */
  public static final String TOPIC = Job.FLIGHTS;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final Producer<String, Flight> producer;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Feeder::newThread);
  private final StopSignal stop = new StopSignal();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Future<?> feeding;

  private Feeder(
      String bootstrapServers,
      List<Flight> flights,
      Function<Flight, String> key,
      Partitioning partitioning,
      Pace pace) {
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.LINGER_MS_CONFIG,
                "20"),
            new StringSerializer(),
            FlightSerdes.flight().serializer());
    feeding = thread.submit(() -> feed(flights, key, partitioning, pace));
  }

  /** Starts to feed. */
  public static Feeder start(
      String bootstrapServers,
      List<Flight> flights,
      Function<Flight, String> key,
      Partitioning partitioning,
      Pace pace) {
    return new Feeder(bootstrapServers, flights, key, partitioning, pace);
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "flight-feeder");
    thread.setDaemon(true);
    return thread;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The callback is told the same.
  private @Nullable Void feed(
      List<Flight> flights, Function<Flight, String> keyOf, Partitioning partitioning, Pace pace)
      throws StopSignal.StoppedException, InterruptedException {
    long started = System.nanoTime();
    long sent = 0;
    for (Flight flight : flights) {
      pace.await(sent, started, stop);
      String key = keyOf.apply(flight);
      producer.send(
          new ProducerRecord<>(TOPIC, partitioning.of(key), flight.scheduledMillis(), key, flight),
          (metadata, exception) -> {
            if (exception != null) {
              failure.compareAndSet(null, exception);
            }
          });
      sent++;
    }
    producer.flush();
    return null;
  }

  /**
   * Whether all flights are at the broker.
   *
   * @throws ExecutionException if one could not be sent
   */
  public boolean isDone() throws ExecutionException, InterruptedException {
    Exception failed = failure.get();
    if (failed != null) {
      throw new ExecutionException("A flight could not be sent", failed);
    }
    if (feeding.isDone()) {
      feeding.get();
      return true;
    }
    return false;
  }

  @Override
  public void close() {
    stop.raise();
    thread.shutdown();
    try {
      thread.awaitTermination(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(CLOSE_TIMEOUT);
  }
}
