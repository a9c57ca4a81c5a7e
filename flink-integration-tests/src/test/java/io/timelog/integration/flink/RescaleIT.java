package io.timelog.integration.flink;

import io.timelog.integration.fixture.EmbeddedBroker;
import io.timelog.integration.flink.job.Readings;
import io.timelog.integration.flink.job.ReadingsJob;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(600)
final class RescaleIT {
  private static final int[] PARALLELISMS = {1, 2, 4, 3, 1};

  /** Timers stay where they are or move, from the heap to tables and from tables to the heap. */
  private static final Backend[] BACKENDS = {
    Backend.TIMELOG_WITH_TIMERS,
    Backend.TIMELOG_WITH_TIMERS,
    Backend.TIMELOG,
    Backend.TIMELOG,
    Backend.TIMELOG_WITH_TIMERS
  };

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  @TempDir Path directory;

  @Test
  void rescaledJob_hasTheChecksumsOfEachKeyThatItWouldHaveHad() throws Exception {
    rescale(SnapshotKind.INCREMENTAL_CHECKPOINT);
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INCREMENTAL_CHECKPOINT")
  void rescaledJobOfOtherKinds_hasTheChecksumsOfEachKeyThatItWouldHaveHad(SnapshotKind kind)
      throws Exception {
    rescale(kind);
  }

  private void rescale(SnapshotKind kind) throws Exception {
    String name = "rescale-" + kind.name().toLowerCase(Locale.ROOT);
    try (JobCluster cluster = JobCluster.start(directory);
        JobTopics topics =
            JobTopics.create(BROKER, name, new Readings(4_000, 20), PARALLELISMS.length)) {
      ReadingsJob job = topics.job("rescaled");
      String snapshot = null;
      for (int step = 0; step < PARALLELISMS.length; step++) {
        long written = topics.written(job);
        topics.sendPart();
        JobID id = start(cluster, BACKENDS[step], kind, PARALLELISMS[step], snapshot, job);
        if (step < PARALLELISMS.length - 1) {
          topics.awaitOutputBeyond(job, written + JobTopics.A_FEW);
          snapshot = kind.stop(cluster, id);
        } else {
          cluster.finish(id, job, topics);
        }
      }

      ReadingsJob undisturbed = topics.job("undisturbed");
      cluster.finish(cluster.submit(Backend.HEAP, undisturbed, 2), undisturbed, topics);
      topics.results(job).areExactly(topics.results(undisturbed));
    }
  }

  private static JobID start(
      JobCluster cluster,
      Backend backend,
      SnapshotKind kind,
      int parallelism,
      @Nullable String snapshot,
      ReadingsJob job)
      throws Exception {
    Configuration settings = backend.in(kind.in(cluster.jobSettings()));
    return cluster.submit(
        settings,
        parallelism,
        snapshot,
        environment -> job.define(environment, results -> results));
  }
}
