package io.timelog.kafka.internal.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.internals.metrics.StreamsMetricsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a store tells through the metrics of Kafka Streams. */
@SuppressWarnings("try") // Some resources are open for what others see of them.
final class StoreMetricsTest {
  private static final byte[] BYTES = "bytes".getBytes(UTF_8);
  private static final TaskId TASK = new TaskId(1, 2);

  private final StreamsMetrics metrics =
      new StreamsMetricsImpl(new Metrics(), "client", Time.SYSTEM);
  private final TimelogStore engine = TimelogStore.builder().build();
  private final Table table =
      engine.createTable(TableOptions.multimap("events").windowSize(100, 0).build());

  @AfterEach
  void close() {
    engine.close();
  }

  private StoreMetrics register() {
    return StoreMetrics.register(
        metrics,
        TASK,
        "events",
        () -> Optional.of(new StoreFigures(table.stats(), engine.stats())));
  }

  private Map<String, Double> values() {
    Map<String, Double> values = new TreeMap<>();
    metrics
        .metrics()
        .forEach(
            (name, metric) -> {
              if (name.group().equals(StoreMetrics.GROUP)) {
                values.put(name.name(), (Double) metric.metricValue());
              }
            });
    return values;
  }

  @Test
  void metrics_areReadFromTheEngineWhenTheyAreAskedFor() {
    try (StoreMetrics registered = register()) {
      assertThat(values())
          .containsEntry("live-windows", 0.0)
          .containsEntry("memtable-bytes", 0.0)
          .containsEntry("floor-timestamp", Double.NaN);

      table.append(BYTES, 10, BYTES);
      table.append(BYTES, 110, BYTES);
      table.append(BYTES, 210, BYTES);
      engine.flush();
      table.append(BYTES, 310, BYTES);
      table.deleteBefore(200);
      try (Cursor cursor = table.scan(BYTES, TimeRange.all())) {
        assertThat(values())
            .containsEntry("live-windows", 2.0)
            .containsEntry("entries-estimate", 2.0)
            .containsEntry("floor-timestamp", 200.0)
            .containsEntry("entries-dropped-total", 2.0)
            .containsEntry("open-readers", 1.0)
            .containsEntry("flushes-total", 1.0)
            .containsEntry("budget-limit-bytes", (double) (256 << 20))
            .hasEntrySatisfying("memtable-bytes", bytes -> assertThat(bytes).isPositive())
            .hasEntrySatisfying("segment-bytes", bytes -> assertThat(bytes).isPositive())
            .hasEntrySatisfying("budget-used-bytes", bytes -> assertThat(bytes).isPositive())
            .hasEntrySatisfying("maintenance-time-ns-total", time -> assertThat(time).isPositive());
      }
      assertThat(values()).containsEntry("open-readers", 0.0);
    }
  }

  @Test
  void metricsOfAStoreThatWasNotOpenedYet_areNotNumbers() {
    try (StoreMetrics registered =
        StoreMetrics.register(metrics, TASK, "events", Optional::empty)) {
      assertThat(values()).isNotEmpty();
      assertThat(values().values()).containsOnly(Double.NaN);
    }
  }

  @Test
  void metrics_nameThreadTaskAndStore() {
    try (StoreMetrics registered = register()) {
      assertThat(metrics.metrics().keySet())
          .filteredOn(name -> name.group().equals(StoreMetrics.GROUP))
          .extracting(MetricName::tags)
          .containsOnly(
              Map.of(
                  "thread-id",
                  Thread.currentThread().getName(),
                  "task-id",
                  "1_2",
                  "state-id",
                  "events"));
    }
  }

  @Test
  void metrics_endWithTheStore_andAreNotTakenFromItsSuccessor() {
    StoreMetrics first = register();
    first.close();
    assertThat(values()).isEmpty();

    try (StoreMetrics second = register()) {
      first.close();
      assertThat(values()).isNotEmpty();
    }
  }

  @Test
  void metricsThatADeadTaskLeftBehind_makeWayForTheNext() {
    try (TimelogStore dead = TimelogStore.builder().build()) {
      Table deadTable = dead.createTable(TableOptions.multimap("events").build());
      deadTable.append(BYTES, 10, BYTES);
      StoreMetrics.register(
          metrics,
          TASK,
          "events",
          () -> Optional.of(new StoreFigures(deadTable.stats(), dead.stats())));
    }

    try (StoreMetrics registered = register()) {
      assertThat(values()).containsEntry("live-windows", 0.0);
      table.append(BYTES, 10, BYTES);
      assertThat(values()).containsEntry("live-windows", 1.0);
    }
  }

  @Test
  void everyMetric_isInTheManual() throws IOException {
    String manual = Files.readString(Path.of("../docs/kafka-streams.md"));

    for (StoreMetric metric : StoreMetric.values()) {
      assertThat(manual)
          .contains("| `" + metric.metricName() + "` | " + metric.description() + " |");
    }
    assertThat(manual).contains("`" + StoreMetrics.GROUP + "`");
  }
}
