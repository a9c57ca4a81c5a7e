package io.timelog.integration.flink;

import io.timelog.integration.fixture.EmbeddedBroker;
import io.timelog.integration.flink.job.Readings;
import io.timelog.integration.flink.job.ReadingsJob;
import java.nio.file.Path;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
final class BackpressureIT {
  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  @TempDir Path directory;

  @AfterEach
  void nobodyElseIsSlow() {
    SlowWhile.slow = false;
  }

  @Test
  void unalignedCheckpointsUnderBackpressure_areRestoredAndRescaled() throws Exception {
    try (JobCluster cluster = JobCluster.start(directory);
        JobTopics topics = JobTopics.create(BROKER, "backpressure", new Readings(4_000, 20), 2)) {
      topics.sendPart();
      SlowWhile.slow = true;
      ReadingsJob job = topics.job("slow");
      JobID first = start(cluster, 3, null, job);
      cluster.checkpointWithDataInFlight(first);
      SlowWhile.slow = false;
      cluster.replaceTaskManager();
      cluster.awaitRestore(first, 0);

      SlowWhile.slow = true;
      topics.sendPart();
      String snapshot = cluster.checkpointWithDataInFlight(first);
      SlowWhile.slow = false;
      cluster.cancel(first);
      JobID second = start(cluster, 2, snapshot, job);
      cluster.finish(second, job, topics);

      ReadingsJob undisturbed = topics.job("undisturbed");
      cluster.finish(cluster.submit(Backend.HEAP, undisturbed, 2), undisturbed, topics);
      topics.results(job).areExactly(topics.results(undisturbed));
    }
  }

  private static JobID start(
      JobCluster cluster, int parallelism, @Nullable String snapshot, ReadingsJob job)
      throws Exception {
    Configuration settings =
        SnapshotKind.UNALIGNED_CHECKPOINT.in(Backend.TIMELOG.in(cluster.jobSettings()));
    return cluster.submit(
        settings,
        parallelism,
        snapshot,
        environment ->
            job.define(
                environment, results -> results.rebalance().map(new SlowWhile()).uid("slow")));
  }
}
