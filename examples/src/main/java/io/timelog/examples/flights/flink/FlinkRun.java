package io.timelog.examples.flights.flink;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.delays.HoppingWindows;
import io.timelog.examples.flights.run.CommittedFlights;
import io.timelog.examples.flights.run.EmbeddedBroker;
import io.timelog.examples.flights.run.Feeder;
import io.timelog.examples.flights.run.OutputTopic;
import io.timelog.examples.flights.run.Pace;
import io.timelog.examples.flights.run.Partitioning;
import io.timelog.examples.flights.run.Patience;
import io.timelog.examples.flights.run.Progress;
import io.timelog.examples.flights.run.StopSignal;
import io.timelog.examples.flights.run.TemporaryDirectory;
import io.timelog.examples.flights.run.TopicSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;

/**
 * One run from start to end: a broker, a Flink cluster, half of the flights, a task manager that is
 * killed, the other half, the results; and nothing left behind, however it ends.
 */
final class FlinkRun {
  private static final Duration LOOK = Duration.ofMillis(100);

  private final List<Flight> flights;
  private final Partitioning partitioning;
  private final Pace pace;
  private final Progress progress;
  private final StopSignal stop;

  /**
   * A run that has not begun.
   *
   * @param flights in the order in which they are to be fed
   * @param partitioning of the topics
   * @param pace how fast to feed
   * @param progress is told how far the run is
   * @param stop ends the run early
   */
  FlinkRun(
      List<Flight> flights,
      Partitioning partitioning,
      Pace pace,
      Progress progress,
      StopSignal stop) {
    this.flights = List.copyOf(flights);
    this.partitioning = partitioning;
    this.pace = pace;
    this.progress = progress;
    this.stop = stop;
  }

  /**
   * Runs until all flights are processed.
   *
   * @throws StopSignal.StoppedException if it was told to stop; it has cleaned up then as well
   */
  Found run(HoppingWindows windows, Connecting connecting) throws Exception {
    try (TemporaryDirectory directory = TemporaryDirectory.create("timelog-flights-")) {
      progress.phase("Starting a Kafka broker in this process");
      try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
          Admin admin =
              Admin.create(
                  Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
        stop.check();
        TopicSettings.createTopics(
            admin,
            List.of(Feeder.TOPIC, ConnectionsJob.DELAYS, ConnectionsJob.MISSED_CONNECTIONS),
            partitioning);
        progress.phase("Starting a Flink cluster in this process");
        try (FlinkCluster cluster = FlinkCluster.start(directory.resolve("flink"))) {
          ConnectionsJob job =
              new ConnectionsJob(broker.bootstrapServers(), ends(), windows, connecting);
          CompletableFuture<JobResult> result = cluster.submit(job::define);
          List<Flight> firstHalf = flights.subList(0, flights.size() / 2);
          feed(broker, firstHalf);
          await("a checkpoint", admin, result, covered -> covered > 0);
          progress.phase("Killing one of two task managers, and starting another");
          cluster.replaceTaskManager();
          feed(broker, flights.subList(firstHalf.size(), flights.size()));
          await("the end", admin, result, covered -> result.isDone());
          progress.phase("Collecting the results");
          return collect(broker.bootstrapServers());
        } finally {
          progress.phase("Cleaning up");
        }
      }
    }
  }

  /** Where each partition of the input will end, which is where the job will. */
  private Map<TopicPartition, Long> ends() {
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (int partition = 0; partition < partitioning.partitions(); partition++) {
      ends.put(new TopicPartition(Feeder.TOPIC, partition), 0L);
    }
    for (Flight flight : flights) {
      int partition = partitioning.of(flight.origin());
      ends.merge(new TopicPartition(Feeder.TOPIC, partition), 1L, Long::sum);
    }
    return ends;
  }

  private void feed(EmbeddedBroker broker, List<Flight> part) throws Exception {
    try (Feeder feeder =
        Feeder.start(broker.bootstrapServers(), part, Flight::origin, partitioning, pace)) {
      while (!feeder.isDone()) {
        stop.pause(LOOK);
      }
    }
  }

  /** Whether a run is far enough. */
  private interface Goal {
    /**
     * @param covered how many flights the latest checkpoint has behind it
     */
    boolean isReached(long covered);
  }

  private void await(String what, Admin admin, CompletableFuture<JobResult> result, Goal goal)
      throws Exception {
    Patience patience = new Patience();
    while (true) {
      if (result.isDone()) {
        result.get().toJobExecutionResult(getClass().getClassLoader());
      }
      // Flink's Kafka source commits its offsets with each checkpoint, for onlookers only.
      long covered = CommittedFlights.of(admin, ConnectionsJob.DEPARTURES);
      if (covered > 0) {
        progress.advance(covered, flights.get((int) covered - 1).scheduledMillis());
      }
      if (goal.isReached(covered)) {
        return;
      }
      if (patience.isOverAt(covered)) {
        throw new TimeoutException(
            "The job does not get on: waitsFor="
                + what
                + ", flights="
                + covered
                + ", expected="
                + flights.size()
                + ", waited="
                + Patience.LIMIT);
      }
      stop.pause(LOOK);
    }
  }

  /** Reads each result once, however often it was written. */
  private Found collect(String bootstrapServers) throws StopSignal.StoppedException {
    return new Found(
        read(bootstrapServers, ConnectionsJob.DELAYS, AirportDelays::parse),
        read(bootstrapServers, ConnectionsJob.MISSED_CONNECTIONS, MissedConnection::parse));
  }

  private <T> Set<T> read(String bootstrapServers, String topic, Function<String, T> parse)
      throws StopSignal.StoppedException {
    Set<T> all = new HashSet<>();
    new OutputTopic<>(topic, Serdes.ByteArray(), Serdes.String())
        .read(bootstrapServers, stop, (key, line) -> all.add(parse.apply(line)));
    return all;
  }
}
