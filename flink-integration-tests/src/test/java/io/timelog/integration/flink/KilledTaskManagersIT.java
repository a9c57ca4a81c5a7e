package io.timelog.integration.flink;

import io.timelog.integration.fixture.EmbeddedBroker;
import io.timelog.integration.flink.job.Readings;
import io.timelog.integration.flink.job.ReadingsJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A job takes a checkpoint every {@link #BETWEEN_CHECKPOINTS}. Task managers are killed while it
 * works on what no checkpoint has yet; whether one is under way then is left to chance. Every
 * fourth time the other one is killed as well, while the job is on its way back.
 *
 * <p>The sink often logs at a restore that a producer is fenced. That is no loss: it commits once
 * more what was committed before the kill, which a broker with transactions of version 2 refuses.
 */
@Timeout(600)
final class KilledTaskManagersIT {
  private static final int PARALLELISM = 3;
  private static final int READINGS_OF_A_PART = 400;

  private static final Duration BETWEEN_CHECKPOINTS = Duration.ofMillis(200);

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  @TempDir Path directory;

  @Test
  void jobWhoseTaskManagersAreKilledTwentyTimes_givesEveryResultExactlyOnce() throws Exception {
    kill(Backend.TIMELOG_WITH_TIMERS, SnapshotKind.INCREMENTAL_CHECKPOINT, 16);
  }

  @Tag("long")
  @ParameterizedTest
  @CsvSource({
    "TIMELOG, FULL_CHECKPOINT, 40",
    "TIMELOG, UNALIGNED_CHECKPOINT, 40",
    "TIMELOG_WITH_TIMERS, INCREMENTAL_CHECKPOINT, 80"
  })
  void jobWhoseTaskManagersAreKilledAllTheTime_givesEveryResultExactlyOnce(
      Backend backend, SnapshotKind kind, int times) throws Exception {
    kill(backend, kind, times);
  }

  private void kill(Backend backend, SnapshotKind kind, int times) throws Exception {
    String name = "killed-" + kind.name().toLowerCase(Locale.ROOT) + "-" + times;
    Readings readings = new Readings(READINGS_OF_A_PART * times, 20);
    try (JobCluster cluster = JobCluster.start(directory);
        JobTopics topics = JobTopics.create(BROKER, name, readings, times)) {
      ReadingsJob job = topics.job("killed");
      JobID id = start(cluster, backend, kind, job);
      for (int kill = 1; kill <= times; kill++) {
        cluster.awaitCheckpoint(id);
        long written = topics.written(job);
        topics.sendPart();
        topics.awaitOutputBeyond(job, written + JobTopics.A_FEW);
        long restores = cluster.restores(id);
        cluster.replaceTaskManager();
        if (kill % 4 == 0) {
          cluster.replaceTaskManager();
        }
        cluster.awaitRestore(id, restores);
      }
      cluster.finish(id, job, topics);

      topics.results(job).areExactly(undisturbed(cluster, topics));
    }
  }

  private static Results undisturbed(JobCluster cluster, JobTopics topics) throws Exception {
    ReadingsJob job = topics.job("undisturbed");
    cluster.finish(cluster.submit(Backend.HEAP, job, PARALLELISM), job, topics);
    return topics.results(job);
  }

  private static JobID start(
      JobCluster cluster, Backend backend, SnapshotKind kind, ReadingsJob job) throws Exception {
    Configuration settings = backend.in(kind.in(cluster.jobSettings()));
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, BETWEEN_CHECKPOINTS);
    return cluster.submit(
        settings, PARALLELISM, null, environment -> job.define(environment, results -> results));
  }
}
