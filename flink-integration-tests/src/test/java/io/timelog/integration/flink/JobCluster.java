package io.timelog.integration.flink;

import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.flink.job.TopicJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in this process, with task managers that can be killed. It is at home in a directory:
 * checkpoints, savepoints and whatever it keeps besides.
 */
public final class JobCluster implements AutoCloseable {
  private static final int SLOTS_OF_A_TASK_MANAGER = 2;

  private final MiniCluster cluster;
  private final Path directory;

  /** Those that were killed have the numbers below. */
  private int oldestTaskManager;

  private JobCluster(MiniCluster cluster, Path directory) {
    this.cluster = cluster;
    this.directory = directory;
  }

  /** Starts one of two task managers with two slots each, and more memory than tests need. */
  public static JobCluster start(Path directory) throws Exception {
    return start(directory, MemorySize.ofMebiBytes(256));
  }

  /**
   * Starts one of two task managers with two slots each.
   *
   * @param managedMemory of a task manager
   */
  static JobCluster start(Path directory, MemorySize managedMemory) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(CoreOptions.TMP_DIRS, directory.toString());
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, managedMemory);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(2)
                .setNumSlotsPerTaskManager(SLOTS_OF_A_TASK_MANAGER)
                .withRandomPorts()
                .build());
    cluster.start();
    return new JobCluster(cluster, directory);
  }

  /**
   * The settings of jobs here, but for where they keep their state. Checkpoints are taken when a
   * test asks for one, because the next one deletes the one before.
   */
  Configuration jobSettings() {
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofDays(1));
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.resolve("checkpoints").toUri() + "");
    configuration.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    configuration.set(PipelineOptions.MAX_PARALLELISM, 32);
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    return configuration;
  }

  /**
   * Starts a job.
   *
   * @param settings which also say in what way the snapshot is claimed
   * @param snapshot where it begins; null for the beginning
   */
  JobID submit(
      Configuration settings,
      int parallelism,
      @Nullable String snapshot,
      Consumer<StreamExecutionEnvironment> definition)
      throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(settings);
    environment.setParallelism(parallelism);
    definition.accept(environment);
    JobGraph graph = environment.getStreamGraph().getJobGraph();
    if (snapshot != null) {
      graph.setSavepointRestoreSettings(
          SavepointRestoreSettings.forPath(
              snapshot, false, settings.get(StateRecoveryOptions.RESTORE_MODE)));
    }
    return cluster.submitJob(graph).get().getJobID();
  }

  /** Starts a job at its beginning, to be left alone. */
  public JobID submit(Backend backend, TopicJob job, int parallelism) throws Exception {
    return submit(
        backend.in(jobSettings()),
        parallelism,
        null,
        environment -> job.define(environment, results -> results));
  }

  /**
   * Kills the task manager that has been there for longest, and starts another. The tasks of a job
   * are on both, as long as it has more than {@value #SLOTS_OF_A_TASK_MANAGER} of each.
   */
  void replaceTaskManager() throws Exception {
    CompletableFuture<Void> terminated = cluster.terminateTaskManager(oldestTaskManager);
    oldestTaskManager++;
    cluster.startTaskManager();
    terminated.get();
  }

  /**
   * Takes checkpoints until one has records that were on their way between tasks, and returns where
   * it is.
   */
  String checkpointWithDataInFlight(JobID job) throws Exception {
    String[] checkpoint = new String[1];
    await(
        job,
        "a checkpoint has data in flight",
        () -> {
          checkpoint[0] = checkpoint(job);
          CompletedCheckpointStats latest =
              checkpoints(job).getHistory().getLatestCompletedCheckpoint();
          return latest != null && latest.getPersistedData() > 0;
        });
    return checkpoint[0];
  }

  /** How many times the job has gone on from a checkpoint so far. */
  long restores(JobID job) throws Exception {
    return checkpoints(job).getCounts().getNumberOfRestoredCheckpoints();
  }

  /** Returns when the job has gone on from a checkpoint more often than that. */
  void awaitRestore(JobID job, long restores) throws Exception {
    await(job, "it is restored once more, before=" + restores, () -> restores(job) > restores);
  }

  /** Returns when one more checkpoint is complete that nobody here has asked for. */
  void awaitCheckpoint(JobID job) throws Exception {
    long completed = completedCheckpoints(job);
    await(
        job,
        "one more checkpoint is complete, before=" + completed,
        () -> completedCheckpoints(job) > completed);
  }

  /** Returns when so many more checkpoints were begun in vain. */
  void awaitFailedCheckpoints(JobID job, int more) throws Exception {
    long failed = checkpoints(job).getCounts().getNumberOfFailedCheckpoints();
    await(
        job,
        more + " more checkpoints fail, before=" + failed,
        () -> checkpoints(job).getCounts().getNumberOfFailedCheckpoints() >= failed + more);
  }

  /** How many checkpoints the job has completed so far. */
  long completedCheckpoints(JobID job) throws Exception {
    return checkpoints(job).getCounts().getNumberOfCompletedCheckpoints();
  }

  private void await(JobID job, String what, Callable<Boolean> condition) throws Exception {
    Eventually.holds(
        what,
        () -> {
          failIfFailed(job);
          return condition.call();
        },
        () -> cluster.getJobStatus(job).join());
  }

  private CheckpointStatsSnapshot checkpoints(JobID job) throws Exception {
    return cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot();
  }

  private void failIfFailed(JobID job) throws Exception {
    if (cluster.getJobStatus(job).get().isGloballyTerminalState()) {
      cluster.requestJobResult(job).get().toJobExecutionResult(getClass().getClassLoader());
      throw new AssertionError("The job ended by itself: job=" + job);
    }
  }

  /** Takes a checkpoint as soon as all tasks run, and returns where it is. */
  String checkpoint(JobID job) throws Exception {
    String[] checkpoint = new String[1];
    await(
        job,
        "all tasks run and a checkpoint is complete",
        () -> {
          try {
            checkpoint[0] = cluster.triggerCheckpoint(job).get();
            return true;
          } catch (ExecutionException e) {
            return false;
          }
        });
    return checkpoint[0];
  }

  /** Ends the job where it stands, and returns where its latest checkpoint is, which stays. */
  String cancel(JobID job) throws Exception {
    cluster.cancelJob(job).get();
    JobResult result = cluster.requestJobResult(job).get();
    if (result.getJobStatus().orElse(null) != JobStatus.CANCELED) {
      throw new AssertionError("The job was not cancelled: " + result);
    }
    return checkpoints(job).getHistory().getLatestCompletedCheckpoint().getExternalPath();
  }

  /** Ends the job with a savepoint and returns where it is. */
  String stopWithSavepoint(JobID job, SavepointFormatType format) throws Exception {
    checkpoint(job);
    return stop(job, false, format);
  }

  private String stop(JobID job, boolean closingWindows, SavepointFormatType format)
      throws Exception {
    String target = directory.resolve("savepoints").toUri().toString();
    String[] savepoint = new String[1];
    await(
        job,
        "no task fails while it is stopped",
        () -> {
          try {
            savepoint[0] = cluster.stopWithSavepoint(job, target, closingWindows, format).get();
            return true;
          } catch (ExecutionException e) {
            if (e.getCause() instanceof CheckpointException) {
              return false;
            }
            throw e;
          }
        });
    return savepoint[0];
  }

  /**
   * Returns when the job has processed all of the input, has closed all windows and is over.
   *
   * @return where the savepoint is that ended it
   */
  public String finish(JobID id, TopicJob job, JobTopics topics) throws Exception {
    await(
        id,
        "all of the input is behind a checkpoint",
        () -> {
          checkpoint(id);
          return topics.isConsumed(job);
        });
    return stop(id, true, SavepointFormatType.CANONICAL);
  }

  @Override
  public void close() {
    cluster.closeAsync().join();
  }
}
