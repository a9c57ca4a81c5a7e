package io.timelog.flink.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackendFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A job that looks at all of its state goes on from its checkpoints and native savepoints. */
@Timeout(180)
final class SnapshotJobTest {
  private static MiniCluster cluster;

  @TempDir private Path folder;

  @BeforeAll
  static void startCluster() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
    configuration.set(StateRecoveryOptions.LOCAL_RECOVERY, true);
    configuration.set(CheckpointingOptions.LOCAL_BACKUP_ENABLED, true);
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration.set(RestOptions.BIND_PORT, "0"))
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(3)
                .build());
    cluster.start();
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
  }

  /** Of a test that has failed, too. */
  @AfterEach
  void cancelJobs() throws Exception {
    for (JobStatusMessage job : cluster.listJobs().get()) {
      if (!job.getJobState().isGloballyTerminalState()) {
        cluster.cancelJob(job.getJobId()).get();
        cluster.requestJobResult(job.getJobId()).get();
      }
    }
  }

  private Configuration configuration(String directory) {
    Configuration configuration = new Configuration();
    configuration.set(
        StateBackendOptions.STATE_BACKEND, TimelogStateBackendFactory.class.getName());
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(50));
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.resolve(directory).toUri().toString());
    configuration.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    // Files that are larger are files in the storage.
    configuration.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, new MemorySize(1024));
    return configuration;
  }

  private static JobID submit(Configuration configuration, int parallelism) throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(parallelism);
    environment.setMaxParallelism(16);
    environment
        .fromSource(
            new DataGeneratorSource<>(
                number -> number,
                Long.MAX_VALUE,
                RateLimiterStrategy.perSecond(10_000),
                Types.LONG),
            WatermarkStrategy.noWatermarks(),
            "numbers")
        .setParallelism(1)
        .uid("numbers")
        .keyBy(number -> number % Counting.KEYS)
        .process(new Counting())
        .uid("counting")
        .sinkTo(new DiscardingSink<>());
    return cluster.submitJob(environment.getStreamGraph().getJobGraph()).get().getJobID();
  }

  /** Cancels a job; the checkpoint that is left. */
  private Path cancel(JobID job, String directory) throws Exception {
    cluster.cancelJob(job).get();
    cluster.requestJobResult(job).get();
    return files(directory).stream()
        .filter(file -> file.endsWith("_metadata"))
        .map(Path::getParent)
        .max(Comparator.comparingLong(SnapshotJobTest::number))
        .orElseThrow();
  }

  /** The files in a directory, from which some may be deleted at this moment. */
  private List<Path> files(String directory) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder.resolve(directory),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path gone, @Nullable IOException failure) {
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  private static long number(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
  }

  private Configuration from(Path snapshot, RecoveryClaimMode mode, String directory) {
    Configuration configuration = configuration(directory);
    configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, snapshot.toUri().toString());
    configuration.set(StateRecoveryOptions.RESTORE_MODE, mode);
    return configuration;
  }

  @ParameterizedTest(name = "{0}, file merging {1}")
  @CsvSource({"CLAIM, false", "CLAIM, true", "NO_CLAIM, false", "NO_CLAIM, true"})
  void job_goesOnFromACheckpoint(RecoveryClaimMode mode, boolean merging) throws Exception {
    Configuration first = configuration("first");
    first.set(CheckpointingOptions.FILE_MERGING_ENABLED, merging);
    JobID job = submit(first, 2);
    CommonTestUtils.waitForCheckpoint(job, cluster, 4);
    Path checkpoint = cancel(job, "first");

    Configuration second = from(checkpoint, mode, "second");
    second.set(CheckpointingOptions.FILE_MERGING_ENABLED, merging);
    job = submit(second, 2);
    CommonTestUtils.waitForCheckpoint(job, cluster, 4);
    if (mode == RecoveryClaimMode.NO_CLAIM) {
      assertThat(checkpoint.resolve("_metadata")).exists();
      FileUtils.deleteDirectory(folder.resolve("first").toFile());
    } else {
      assertThat(checkpoint.resolve("_metadata")).doesNotExist();
    }
    CommonTestUtils.waitForNewCheckpoint(job, cluster);
    checkpoint = cancel(job, "second");

    Configuration third = from(checkpoint, RecoveryClaimMode.NO_CLAIM, "third");
    third.set(CheckpointingOptions.FILE_MERGING_ENABLED, merging);
    job = submit(third, 3);
    CommonTestUtils.waitForCheckpoint(job, cluster, 2);
    cancel(job, "third");
  }

  @ParameterizedTest
  @CsvSource({"CLAIM", "NO_CLAIM"})
  void nativeSavepoint_isWholeWhereverItIsMoved(RecoveryClaimMode mode) throws Exception {
    JobID job = submit(configuration("first"), 2);
    CommonTestUtils.waitForCheckpoint(job, cluster, 4);
    String savepoint =
        cluster
            .stopWithSavepoint(
                job,
                folder.resolve("savepoints").toUri().toString(),
                false,
                SavepointFormatType.NATIVE)
            .get();
    cluster.requestJobResult(job).get();
    FileUtils.deleteDirectory(folder.resolve("first").toFile());
    Path moved = Files.move(Path.of(URI.create(savepoint)), folder.resolve("moved"));

    job = submit(from(moved, mode, "second"), 3);
    CommonTestUtils.waitForCheckpoint(job, cluster, 4);
    if (mode == RecoveryClaimMode.NO_CLAIM) {
      FileUtils.deleteDirectory(moved.toFile());
    }
    CommonTestUtils.waitForNewCheckpoint(job, cluster);
    Path checkpoint = cancel(job, "second");

    job = submit(from(checkpoint, RecoveryClaimMode.CLAIM, "third"), 1);
    CommonTestUtils.waitForCheckpoint(job, cluster, 2);
    cancel(job, "third");
  }

  @Test
  void failedJob_isRestoredFromTheCopiesOnItsMachine() throws Exception {
    Configuration configuration = configuration("first");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    JobID job = submit(configuration, 2);
    CommonTestUtils.waitForCheckpoint(job, cluster, 4);
    assertThat(deletePacks()).as("packs in the storage").isPositive();

    Counting.FAIL.set(true);
    CommonTestUtils.waitUntilCondition(() -> !Counting.FAIL.get());
    CommonTestUtils.waitForNewCheckpoint(job, cluster);

    assertThat(Counting.FAIL.get()).isFalse();
    cancel(job, "first");
  }

  /** Deletes what incremental checkpoints share; how many files there were. */
  private int deletePacks() throws IOException {
    int packs = 0;
    for (Path file : files("first")) {
      if (file.getParent().endsWith("shared") && Files.deleteIfExists(file)) {
        packs++;
      }
    }
    return packs;
  }
}
