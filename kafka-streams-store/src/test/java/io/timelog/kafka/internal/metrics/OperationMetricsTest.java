package io.timelog.kafka.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.internals.metrics.StreamsMetricsImpl;
import org.junit.jupiter.api.Test;

/** Calls of the operations of a store, counted and timed. */
@SuppressWarnings("try") // Some resources are open for what others see of them.
final class OperationMetricsTest {
  private static final TaskId TASK = new TaskId(1, 2);

  private final StreamsMetrics metrics = at(RecordingLevel.DEBUG);

  private static StreamsMetrics at(RecordingLevel level) {
    return new StreamsMetricsImpl(
        new Metrics(new MetricConfig().recordLevel(level)), "client", Time.SYSTEM);
  }

  private static OperationMetrics register(StreamsMetrics metrics, TaskId task) {
    return OperationMetrics.register(metrics, task, "timelog-event-log", "events");
  }

  private static Map<String, Double> values(StreamsMetrics metrics, TaskId task) {
    Map<String, Double> values = new TreeMap<>();
    metrics
        .metrics()
        .forEach(
            (name, metric) -> {
              if (task.toString().equals(name.tags().get("task-id"))) {
                values.put(name.name(), (Double) metric.metricValue());
              }
            });
    return values;
  }

  @Test
  void calls_areCountedAndTimed() {
    try (OperationMetrics operations = register(metrics, TASK)) {
      assertThat(values(metrics, TASK))
          .hasSize(4 * StoreOperation.values().length)
          .containsEntry("append-total", 0.0)
          .containsEntry("append-latency-avg", Double.NaN);

      operations.end(StoreOperation.APPEND, operations.start(StoreOperation.APPEND));
      operations.end(StoreOperation.APPEND, operations.start(StoreOperation.APPEND));

      assertThat(values(metrics, TASK))
          .containsEntry("append-total", 2.0)
          .containsEntry("scan-total", 0.0)
          .hasEntrySatisfying("append-rate", rate -> assertThat(rate).isPositive())
          .hasEntrySatisfying("append-latency-avg", nanos -> assertThat(nanos).isNotNegative())
          .hasEntrySatisfying("append-latency-max", nanos -> assertThat(nanos).isNotNegative());
    }
  }

  @Test
  void calls_areNotTimedAboveLevelDebug() {
    StreamsMetrics quiet = at(RecordingLevel.INFO);
    try (OperationMetrics operations = register(quiet, TASK)) {
      operations.end(StoreOperation.APPEND, operations.start(StoreOperation.APPEND));

      assertThat(values(quiet, TASK)).containsEntry("append-total", 0.0);
    }
  }

  @Test
  void metrics_areTaggedLikeThoseOfKafka() {
    try (OperationMetrics operations = register(metrics, TASK)) {
      assertThat(metrics.metrics().keySet())
          .filteredOn(name -> name.group().equals("stream-state-metrics"))
          .hasSize(4 * StoreOperation.values().length)
          .extracting(MetricName::tags)
          .containsOnly(
              Map.of(
                  "thread-id",
                  Thread.currentThread().getName(),
                  "task-id",
                  "1_2",
                  "timelog-event-log-state-id",
                  "events"));
    }
  }

  @Test
  void tasksOfOneThread_countForThemselves() {
    TaskId other = new TaskId(1, 3);
    try (OperationMetrics operations = register(metrics, TASK);
        OperationMetrics others = register(metrics, other)) {
      others.end(StoreOperation.COUNT, others.start(StoreOperation.COUNT));

      assertThat(values(metrics, TASK)).containsEntry("count-total", 0.0);
      assertThat(values(metrics, other)).containsEntry("count-total", 1.0);
    }
  }

  @Test
  void metrics_endWithTheStore_andAreNotTakenFromItsSuccessor() {
    OperationMetrics first = register(metrics, TASK);
    long started = first.start(StoreOperation.SCAN);
    first.close();
    assertThat(values(metrics, TASK)).isEmpty();

    try (OperationMetrics second = register(metrics, TASK)) {
      first.end(StoreOperation.SCAN, started);
      first.close();
      assertThat(values(metrics, TASK)).containsEntry("scan-total", 0.0);
    }
  }

  @Test
  void metricsThatADeadTaskLeftBehind_makeWayForTheNext() {
    OperationMetrics dead = register(metrics, TASK);
    dead.end(StoreOperation.APPEND, dead.start(StoreOperation.APPEND));

    try (OperationMetrics operations = register(metrics, TASK)) {
      assertThat(values(metrics, TASK)).containsEntry("append-total", 0.0);
    }
  }

  @Test
  void everyOperation_isInTheManual() throws IOException {
    String manual = Files.readString(Path.of("../docs/kafka-streams.md"));

    for (StoreOperation operation : StoreOperation.values()) {
      assertThat(manual)
          .contains("| `" + operation.metricName() + "` | " + operation.description() + " |");
    }
    assertThat(manual).contains("`" + OperationMetrics.GROUP + "`");
  }
}
