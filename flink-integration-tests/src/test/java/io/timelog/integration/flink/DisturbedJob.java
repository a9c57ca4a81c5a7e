package io.timelog.integration.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.integration.flink.job.ReadingsJob;
import io.timelog.integration.flink.soak.Orphans;
import io.timelog.integration.flink.soak.UnsteadyStorage;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.jspecify.annotations.Nullable;

/**
 * A job whose checkpoints follow one another as fast as they can, and which a test disturbs. It
 * ends and goes on as several jobs of Flink. Not thread-safe.
 */
final class DisturbedJob {
  private static final Duration BETWEEN_CHECKPOINTS = Duration.ofMillis(50);

  /** Both task managers have two slots. */
  private static final int MAX_PARALLELISM = 4;

  /** At most: all subtasks of five operators have one, and some have several. */
  private static final int FILES_OF_A_CHECKPOINT = 64;

  private static final List<Backend> BACKENDS =
      List.of(Backend.TIMELOG, Backend.TIMELOG_WITH_TIMERS);

  private final JobCluster cluster;
  private final JobTopics topics;
  private final ReadingsJob job;
  private final SplittableRandom random;

  /** Whether it owns the snapshots that it goes on from, as its own checkpoints. */
  private final RecoveryClaimMode claim;

  /** Whose files stay when it is over: savepoints, and directories of jobs. */
  private final List<Path> notClaimed = new ArrayList<>();

  private final Set<Path> orphans = new HashSet<>();

  private SnapshotKind kind = SnapshotKind.INCREMENTAL_CHECKPOINT;
  private JobID id;
  private long checkpointsOfEnded;
  private long written;

  /** Starts a job without input. */
  DisturbedJob(JobCluster cluster, JobTopics topics, ReadingsJob job, SplittableRandom random)
      throws Exception {
    this.cluster = cluster;
    this.topics = topics;
    this.job = job;
    this.random = random;
    claim = random.nextBoolean() ? RecoveryClaimMode.CLAIM : RecoveryClaimMode.NO_CLAIM;
    id = start(null);
  }

  private JobID start(@Nullable String snapshot) throws Exception {
    SnapshotKind[] kinds = SnapshotKind.values();
    kind = kinds[random.nextInt(kinds.length)];
    Backend backend = BACKENDS.get(random.nextInt(BACKENDS.size()));
    Configuration settings = backend.in(kind.in(cluster.jobSettings()));
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, BETWEEN_CHECKPOINTS);
    settings.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
    settings.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        unsteady(settings.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY)));
    settings.set(CheckpointingOptions.LOCAL_BACKUP_ENABLED, random.nextBoolean());
    settings.set(StateRecoveryOptions.LOCAL_RECOVERY, true);
    settings.set(StateRecoveryOptions.RESTORE_MODE, claim);
    return cluster.submit(
        settings,
        1 + random.nextInt(MAX_PARALLELISM),
        snapshot,
        environment ->
            job.define(environment, results -> results.map(new SlowWhile()).map(new FailsAfter())));
  }

  private static String unsteady(String directory) {
    return UnsteadyStorage.SCHEME + "://" + URI.create(directory).getPath();
  }

  private static Path path(String snapshot) {
    return Path.of(URI.create(snapshot).getPath());
  }

  private static boolean isCheckpoint(Path snapshot) {
    return snapshot.getFileName().toString().startsWith("chk-");
  }

  /** Gives it more to do, and returns when it is in the middle of that. */
  void work() throws Exception {
    topics.sendPart();
    topics.awaitOutputBeyond(job, written + JobTopics.A_FEW);
    written = topics.written(job);
  }

  void awaitCheckpoints(int number) throws Exception {
    for (int i = 0; i < number; i++) {
      cluster.awaitCheckpoint(id);
    }
  }

  void awaitFailedCheckpoints(int number) throws Exception {
    cluster.awaitFailedCheckpoints(id, number);
  }

  /** The next of its results fails its task. */
  void failTask() throws Exception {
    long restores = cluster.restores(id);
    FailsAfter.results(1);
    topics.sendPart();
    cluster.awaitRestore(id, restores);
  }

  void loseTaskManagers(int number) throws Exception {
    cluster.awaitCheckpoint(id);
    long restores = cluster.restores(id);
    for (int i = 0; i < number; i++) {
      cluster.replaceTaskManager();
    }
    cluster.awaitRestore(id, restores);
  }

  void rescale() throws Exception {
    String snapshot = kind.stop(cluster, id);
    checkpointsOfEnded += cluster.completedCheckpoints(id);
    Path path = path(snapshot);
    if (claim == RecoveryClaimMode.NO_CLAIM) {
      // With a checkpoint stays all that there is of the job that has taken it.
      notClaimed.add(isCheckpoint(path) ? path.getParent() : path);
    } else if (isCheckpoint(path)) {
      List<Path> left = Orphans.beside(path);
      assertThat(left).as("left by Flink").hasSizeLessThanOrEqualTo(FILES_OF_A_CHECKPOINT);
      orphans.addAll(left);
    }
    id = start(snapshot);
  }

  /** Lets it process what is left; it is over then. */
  void finish() throws Exception {
    topics.sendRest();
    notClaimed.add(path(cluster.finish(id, job, topics)));
    checkpointsOfEnded += cluster.completedCheckpoints(id);
  }

  /**
   * What is left of it by right, when it is over: what it has gone on from without owning it, and
   * the savepoint that ended it.
   */
  List<Path> notClaimed() {
    return List.copyOf(notClaimed);
  }

  /** What Flink leaves of it, which is not to blame on a state backend. */
  Set<Path> orphans() {
    return Set.copyOf(orphans);
  }

  /** How many checkpoints it has completed, when it is over. */
  long checkpoints() {
    return checkpointsOfEnded;
  }
}
