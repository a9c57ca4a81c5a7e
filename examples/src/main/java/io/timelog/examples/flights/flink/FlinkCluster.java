package io.timelog.examples.flights.flink;

import io.timelog.flink.TimelogStateBackendFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A Flink cluster in this process: a job manager, and two task managers with a slot each.
 *
 * <p>What {@link #configuration} sets is what stands in the {@code config.yaml} of a real one.
 */
final class FlinkCluster implements AutoCloseable {
  private static final int TASK_MANAGERS = 2;

  private final MiniCluster cluster;
  private final Configuration configuration;

  private FlinkCluster(MiniCluster cluster, Configuration configuration) {
    this.cluster = cluster;
    this.configuration = configuration;
  }

  /** The configuration of a cluster whose jobs have their state in Timelog. */
  static Configuration configuration(Path directory) {
    Configuration configuration = new Configuration();
    // This is all that it takes.
    configuration.set(
        StateBackendOptions.STATE_BACKEND, TimelogStateBackendFactory.class.getName());
    // Timelog lives in the memory that Flink manages, not on the heap.
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
    // A job that fails goes on from its last checkpoint, and tries that without end.
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        directory.resolve("checkpoints").toUri().toString());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
    configuration.set(CoreOptions.TMP_DIRS, directory.toString());
    return configuration;
  }

  /** Starts a cluster that keeps its checkpoints in the directory. Takes a second or two. */
  static FlinkCluster start(Path directory) throws Exception {
    Configuration configuration = configuration(directory);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(TASK_MANAGERS)
                .setNumSlotsPerTaskManager(1)
                .withRandomPorts()
                .build());
    cluster.start();
    return new FlinkCluster(cluster, configuration);
  }

  /** Starts a job on all slots. The result comes when the job has ended, well or not. */
  CompletableFuture<JobResult> submit(Consumer<StreamExecutionEnvironment> definition)
      throws ExecutionException, InterruptedException {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(TASK_MANAGERS);
    definition.accept(environment);
    return cluster.requestJobResult(
        cluster.submitJob(environment.getStreamGraph().getJobGraph()).get().getJobID());
  }

  /** Kills a task manager with all that runs on it, and starts another in its place. */
  void replaceTaskManager() throws Exception {
    cluster.terminateTaskManager(0).get();
    cluster.startTaskManager();
  }

  @Override
  public void close() {
    cluster.closeAsync().join();
  }
}
