package io.timelog.integration.flink.process;

import io.timelog.flink.TimelogStateBackendFactory;
import io.timelog.integration.fixture.EmbeddedBroker;
import io.timelog.integration.flink.Backend;
import io.timelog.integration.flink.JobCluster;
import io.timelog.integration.flink.JobTopics;
import io.timelog.integration.flink.Results;
import io.timelog.integration.flink.job.Readings;
import io.timelog.integration.flink.job.ReadingsJob;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
final class ProcessClusterIT {
  private static final int PARALLELISM = 2;

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  @TempDir Path directory;

  @Test
  void backendInLib_survivesTheKillOfATaskManager() throws Exception {
    try (JobTopics topics = JobTopics.create(BROKER, "process-lib", new Readings(4_000, 20), 2)) {
      runWithKill(topics, Jars.flinkAndBackend(), Jars.job(directory));
    }
  }

  @Tag("long")
  @Test
  void backendInTheJarOfTheJob_survivesTheKillOfATaskManager() throws Exception {
    try (JobTopics topics = JobTopics.create(BROKER, "process-jar", new Readings(4_000, 20), 2)) {
      runWithKill(topics, Jars.flink(), Jars.jobWithBackend(directory));
    }
  }

  private void runWithKill(JobTopics topics, String lib, Path jar) throws Exception {
    ReadingsJob job = topics.job("killed");
    try (ProcessCluster cluster =
        ProcessCluster.start(directory.resolve("cluster"), lib, settings())) {
      cluster.startTaskManager();
      cluster.startTaskManager();
      topics.sendPart();
      JobID id = cluster.submit(jar, job, PARALLELISM);
      topics.awaitOutputBeyond(job, JobTopics.A_FEW);
      cluster.checkpoint(id);
      long written = topics.written(job);
      topics.sendRest();
      topics.awaitOutputBeyond(job, written + JobTopics.A_FEW);
      cluster.killTaskManager();
      cluster.startTaskManager();
      cluster.finish(id, job, topics, directory.resolve("savepoints"));
    }
    topics.results(job).areExactly(undisturbed(topics));
  }

  private Results undisturbed(JobTopics topics) throws Exception {
    ReadingsJob job = topics.job("undisturbed");
    try (JobCluster cluster = JobCluster.start(directory)) {
      cluster.finish(cluster.submit(Backend.HEAP, job, PARALLELISM), job, topics);
    }
    return topics.results(job);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("state.backend.type", TimelogStateBackendFactory.class.getName());
    settings.put("state.backend.timelog.timer-service.factory", "timelog");
    settings.put("execution.checkpointing.incremental", "true");
    settings.put("execution.checkpointing.interval", "1d");
    settings.put(
        "execution.checkpointing.dir", directory.resolve("checkpoints").toUri().toString());
    settings.put("restart-strategy.type", "fixed-delay");
    settings.put("restart-strategy.fixed-delay.attempts", "1000");
    settings.put("restart-strategy.fixed-delay.delay", "100ms");
    settings.put("heartbeat.interval", "500ms");
    settings.put("taskmanager.numberOfTaskSlots", "1");
    settings.put("taskmanager.memory.framework.heap.size", "64m");
    settings.put("taskmanager.memory.task.heap.size", "256m");
    settings.put("taskmanager.memory.managed.size", "256m");
    // 40 MiB is all that the virtual machine lets direct buffers have.
    settings.put("taskmanager.memory.framework.off-heap.size", "24m");
    settings.put("taskmanager.memory.task.off-heap.size", "0");
    settings.put("taskmanager.memory.network.min", "16m");
    settings.put("taskmanager.memory.network.max", "16m");
    return settings;
  }
}
