package io.timelog.integration.flink;

import io.timelog.integration.fixture.EmbeddedBroker;
import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.flink.job.Readings;
import io.timelog.integration.flink.job.ReadingsJob;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A job goes on from a native savepoint. A task manager is killed while there is nothing but the
 * savepoint, and others when there are incremental checkpoints. A job that owns the savepoint may
 * name its files in these and deletes them in the end; from one that does not, it is taken away
 * after the first checkpoint.
 */
@Timeout(600)
final class ClaimIT {
  private static final int PARALLELISM = 3;
  private static final int KILLS = 3;
  private static final int PARTS = 3 + KILLS;

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(names = {"CLAIM", "NO_CLAIM"})
  void jobThatGoesOnFromASavepoint_outlivesItAndItsTaskManagers(RecoveryClaimMode mode)
      throws Exception {
    String name = "claim-" + mode.name().toLowerCase(Locale.ROOT);
    try (JobCluster cluster = JobCluster.start(directory);
        JobTopics topics = JobTopics.create(BROKER, name, new Readings(400 * PARTS, 20), PARTS)) {
      ReadingsJob job = topics.job("claimed");
      topics.sendPart();
      JobID before = start(cluster, mode, null, job);
      topics.awaitOutputBeyond(job, 0);
      String savepoint = cluster.stopWithSavepoint(before, SavepointFormatType.NATIVE);

      JobID id = start(cluster, mode, savepoint, job);
      kill(cluster, topics, job, id);
      cluster.checkpoint(id);
      Path files = Path.of(URI.create(savepoint));
      if (mode == RecoveryClaimMode.NO_CLAIM) {
        FileUtils.deleteDirectory(files.toFile());
      }
      for (int kill = 0; kill < KILLS; kill++) {
        kill(cluster, topics, job, id);
        cluster.checkpoint(id);
      }
      topics.sendRest();
      cluster.finish(id, job, topics);
      Eventually.holds(
          "nothing is left of the savepoint",
          () -> Files.notExists(files.resolve("_metadata")),
          () -> files);

      ReadingsJob undisturbed = topics.job("undisturbed");
      cluster.finish(cluster.submit(Backend.HEAP, undisturbed, 2), undisturbed, topics);
      topics.results(job).areExactly(topics.results(undisturbed));
    }
  }

  private static void kill(JobCluster cluster, JobTopics topics, ReadingsJob job, JobID id)
      throws Exception {
    long written = topics.written(job);
    topics.sendPart();
    topics.awaitOutputBeyond(job, written + JobTopics.A_FEW);
    long restores = cluster.restores(id);
    cluster.replaceTaskManager();
    cluster.awaitRestore(id, restores);
  }

  private static JobID start(
      JobCluster cluster, RecoveryClaimMode mode, @Nullable String snapshot, ReadingsJob job)
      throws Exception {
    Configuration settings =
        Backend.TIMELOG_WITH_TIMERS.in(
            SnapshotKind.INCREMENTAL_CHECKPOINT.in(cluster.jobSettings()));
    settings.set(StateRecoveryOptions.RESTORE_MODE, mode);
    return cluster.submit(
        settings,
        PARALLELISM,
        snapshot,
        environment -> job.define(environment, results -> results));
  }
}
