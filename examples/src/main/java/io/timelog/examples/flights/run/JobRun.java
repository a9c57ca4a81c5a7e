package io.timelog.examples.flights.run;

import io.timelog.examples.flights.data.Flight;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * One run from start to end: a broker, its topics, the flights, the application, its results; and
 * nothing left behind, however it ends.
 */
public final class JobRun {
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
  public JobRun(
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
   * @param parent in which the run makes a directory for what it keeps, and deletes it
   * @throws StopSignal.StoppedException if it was told to stop; it has cleaned up then as well
   */
  public <R> R run(Job<R> job, Path parent) throws Exception {
    try (TemporaryDirectory directory = TemporaryDirectory.create(parent, "timelog-flights-")) {
      progress.phase("Starting a Kafka broker in this process");
      try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
          Admin admin =
              Admin.create(
                  Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
        stop.check();
        TopicSettings.createTopics(
            admin,
            Stream.concat(Stream.of(Job.FLIGHTS), job.outputTopics().stream()).toList(),
            partitioning);
        progress.phase("Starting the application");
        try (Application application =
                Application.start(job, broker.bootstrapServers(), directory.resolve("streams"));
            Feeder feeder =
                Feeder.start(broker.bootstrapServers(), flights, job::keyOf, partitioning, pace)) {
          job.onStart(application);
          awaitAllFlights(admin, job, application, feeder);
          progress.phase("Collecting the results");
          return job.collect(application, stop);
        } finally {
          progress.phase("Cleaning up");
        }
      }
    }
  }

  /*
   * Done when the application has committed all flights: a commit comes after the flights before it
   * were processed, and after what became of them was written to the output topics.
   */
  private void awaitAllFlights(Admin admin, Job<?> job, Application application, Feeder feeder)
      throws Exception {
    Patience patience = new Patience();
    while (true) {
      application.check();
      boolean fed = feeder.isDone();
      long now = application.flights();
      progress.advance(now, application.streamTimeMillis());
      if (fed
          && now >= flights.size()
          && CommittedFlights.of(admin, job.applicationId()) >= flights.size()) {
        return;
      }
      if (patience.isOverAt(now)) {
        throw new TimeoutException(
            "The application does not get on: flights="
                + now
                + ", expected="
                + flights.size()
                + ", waited="
                + Patience.LIMIT);
      }
      stop.pause(LOOK);
    }
  }
}
