package io.timelog.integration.kafka;

import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.jspecify.annotations.Nullable;

/** A running application. What goes wrong in it goes wrong in the test that waits for it. */
final class Application implements AutoCloseable {
  private final Settings settings;
  private final KafkaStreams streams;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicLong restored = new AtomicLong();

  private Application(Settings settings, Topology topology, Map<String, ?> more) {
    this.settings = settings;
    Properties config = settings.config();
    config.putAll(more);
    streams = new KafkaStreams(topology, config);
    streams.setUncaughtExceptionHandler(
        exception -> {
          failure.compareAndSet(null, exception);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setGlobalStateRestoreListener(new Counting(restored));
  }

  /** Returns when it runs. */
  static Application start(Settings settings, Topology topology) throws Exception {
    return start(settings, topology, Map.of());
  }

  /**
   * Returns when it runs.
   *
   * @param more settings, which take the place of others of the same name
   */
  static Application start(Settings settings, Topology topology, Map<String, ?> more)
      throws Exception {
    Application application = new Application(settings, topology, more);
    try {
      application.streams.start();
      application.awaitRunning();
      return application;
    } catch (Throwable e) {
      application.close();
      throw e;
    }
  }

  private void awaitRunning() throws Exception {
    Eventually.holds(
        settings.application() + " runs",
        () -> {
          failIfFailed();
          return streams.state() == KafkaStreams.State.RUNNING;
        },
        streams::state);
  }

  /** Waits until so many threads of it run, and each has a task. */
  void awaitThreads(int threads) throws Exception {
    Eventually.holds(
        settings.application() + " runs on threads=" + threads,
        () -> {
          failIfFailed();
          return streams.state() == KafkaStreams.State.RUNNING
              && streams.metadataForLocalThreads().size() == threads
              && streams.metadataForLocalThreads().stream()
                  .noneMatch(thread -> thread.activeTasks().isEmpty());
        },
        streams::metadataForLocalThreads);
  }

  /** Waits until it has consumed and committed all of its input. */
  void awaitConsumed(Topics topics) throws Exception {
    Eventually.holds(
        settings.application() + " has consumed " + settings.input(),
        () -> {
          failIfFailed();
          return topics.isConsumed(settings.application(), settings.input());
        },
        streams::state);
  }

  /**
   * Waits until its stores lack nothing, those of standby tasks included, but what a transaction
   * leaves behind in each changelog.
   */
  void awaitNoLag() throws Exception {
    Eventually.holds(
        settings.application() + " has caught up",
        () -> {
          failIfFailed();
          return lag() <= changelogs();
        },
        this::lag);
  }

  KafkaStreams streams() {
    return streams;
  }

  /** How many records its active tasks have been restored from until now. */
  long restored() {
    return restored.get();
  }

  /** The records that its stores still lack, those of standby tasks included. */
  private long lag() {
    return streams.allLocalStorePartitionLags().values().stream()
        .flatMap(partitions -> partitions.values().stream())
        .mapToLong(lag -> lag.offsetLag())
        .sum();
  }

  /** The changelog partitions behind its stores, those of standby tasks included. */
  int changelogs() {
    return streams.allLocalStorePartitionLags().values().stream().mapToInt(Map::size).sum();
  }

  /** Throws what went wrong in it, if anything did. */
  void failIfFailed() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new AssertionError(settings + " failed", cause);
    }
  }

  /** Leaves the group, so that others take over at once. */
  void leave() {
    streams.close(
        CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
            .withTimeout(Duration.ofMinutes(1)));
    failIfFailed();
  }

  @Override
  public void close() {
    streams.close(Duration.ofMinutes(1));
    failIfFailed();
  }

  private record Counting(AtomicLong restored) implements StateRestoreListener {
    @Override
    public void onRestoreStart(TopicPartition partition, String store, long start, long end) {}

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long end, long records) {
      restored.addAndGet(records);
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long total) {}
  }
}
