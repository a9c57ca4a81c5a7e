package io.timelog.integration.flink;

import io.timelog.integration.fixture.EmbeddedBroker;
import io.timelog.integration.flink.job.LateReadings;
import io.timelog.integration.flink.job.PlainStreams;
import io.timelog.integration.flink.job.StreamsJob;
import io.timelog.integration.flink.job.StreamsOperator;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Operators by event time in jobs that run with 1, 2 and 3 subtasks, each time from what the one
 * before has left. With each parallelism they fail while they work on what no checkpoint has: twice
 * a task does, the third time a task manager is killed. Every result of plain loops comes exactly
 * once.
 */
@Timeout(600)
final class StreamsIT {
  private static final LateReadings READINGS = new LateReadings(3_000);
  private static final int PARALLELISMS = 3;
  private static final int PARTS = 2 * PARALLELISMS;

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  @TempDir static Path directory;

  private static JobCluster cluster;

  @BeforeAll
  static void startCluster() throws Exception {
    cluster = JobCluster.start(directory);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  void operatorsThatFailAndAreRescaled_giveEveryResultExactlyOnce() throws Exception {
    runOnTimelog("together", EnumSet.allOf(StreamsOperator.class));
  }

  /** When one of them has a fault, this says which. */
  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void operatorThatFailsAndIsRescaled_givesEveryResultExactlyOnce(StreamsOperator operator)
      throws Exception {
    runOnTimelog(operator.name(), EnumSet.of(operator));
  }

  @Tag("long")
  @Test
  void operatorsOnRocksDb_giveEveryResultExactlyOnce() throws Exception {
    run(
        "rocksdb",
        EnumSet.allOf(StreamsOperator.class),
        List.of(Backend.ROCKSDB, Backend.ROCKSDB, Backend.ROCKSDB),
        List.of(SnapshotKind.INCREMENTAL_CHECKPOINT, SnapshotKind.NATIVE_SAVEPOINT));
  }

  @Test
  void operatorsThatMoveToTheHeapAndBack_giveEveryResultExactlyOnce() throws Exception {
    run(
        "moving",
        EnumSet.allOf(StreamsOperator.class),
        List.of(Backend.TIMELOG, Backend.HEAP, Backend.TIMELOG_WITH_TIMERS),
        List.of(SnapshotKind.CANONICAL_SAVEPOINT, SnapshotKind.CANONICAL_SAVEPOINT));
  }

  private static void runOnTimelog(String name, Set<StreamsOperator> operators) throws Exception {
    run(
        name,
        operators,
        List.of(Backend.TIMELOG_WITH_TIMERS, Backend.TIMELOG, Backend.TIMELOG_WITH_TIMERS),
        List.of(SnapshotKind.INCREMENTAL_CHECKPOINT, SnapshotKind.NATIVE_SAVEPOINT));
  }

  /** One subtask more with each of the backends. */
  private static void run(
      String name, Set<StreamsOperator> operators, List<Backend> on, List<SnapshotKind> between)
      throws Exception {
    String topic = "streams-" + name.toLowerCase(Locale.ROOT);
    try (JobTopics topics = JobTopics.create(BROKER, topic, READINGS, PARTS)) {
      StreamsJob job =
          topics.job(
              "disturbed",
              (servers, input, output) -> new StreamsJob(servers, input, output, operators));
      String snapshot = null;
      for (int step = 0; step < between.size(); step++) {
        SnapshotKind kind = between.get(step);
        JobID id = start(on.get(step), kind, step + 1, snapshot, job);
        awaitCheckpointOfAPart(id, job, topics);
        long restores = cluster.restores(id);
        FailsAfter.results(JobTopics.A_FEW);
        topics.sendPart();
        cluster.awaitRestore(id, restores);
        snapshot = kind.stop(cluster, id);
      }
      JobID last =
          start(
              on.get(between.size()),
              SnapshotKind.INCREMENTAL_CHECKPOINT,
              PARALLELISMS,
              snapshot,
              job);
      awaitCheckpointOfAPart(last, job, topics);
      long written = topics.written(job);
      topics.sendPart();
      topics.awaitOutputBeyond(job, written + JobTopics.A_FEW);
      long restores = cluster.restores(last);
      cluster.replaceTaskManager();
      cluster.awaitRestore(last, restores);
      cluster.finish(last, job, topics);

      topics.results(job).areExactly(new Results(PlainStreams.of(READINGS, operators)));
    }
  }

  /** Sends a part, and takes a checkpoint when some of it is processed. */
  private static void awaitCheckpointOfAPart(JobID id, StreamsJob job, JobTopics topics)
      throws Exception {
    long written = topics.written(job);
    topics.sendPart();
    topics.awaitOutputBeyond(job, written + JobTopics.A_FEW);
    cluster.checkpoint(id);
  }

  private static JobID start(
      Backend backend,
      SnapshotKind kind,
      int parallelism,
      @Nullable String snapshot,
      StreamsJob job)
      throws Exception {
    Configuration settings = backend.in(kind.in(cluster.jobSettings()));
    return cluster.submit(
        settings,
        parallelism,
        snapshot,
        environment -> job.define(environment, results -> results.map(new FailsAfter())));
  }
}
