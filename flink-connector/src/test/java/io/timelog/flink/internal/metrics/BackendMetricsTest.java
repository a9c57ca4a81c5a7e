package io.timelog.flink.internal.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.MemoryBudget;
import io.timelog.TableOptions;
import io.timelog.TimelogStore;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

final class BackendMetricsTest {
  private final Map<String, Gauge<?>> gauges = new HashMap<>();

  private final MetricGroup group =
      new UnregisteredMetricsGroup() {
        @Override
        public MetricGroup addGroup(String name) {
          assertThat(name).isEqualTo("timelog");
          return this;
        }

        @Override
        public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
          gauges.put(name, gauge);
          return gauge;
        }
      };

  private long value(String name) {
    return (Long) gauges.get(name).getValue();
  }

  @Test
  void gauges_tellOfTheStoreUntilItIsClosed() {
    TimelogStore store = TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(1 << 20)).build();
    BackendMetrics.register(group, store);
    store
        .createTable(TableOptions.map("state").build())
        .put("key".getBytes(UTF_8), 10, "value".getBytes(UTF_8));

    assertThat(value("memoryLimitBytes")).isEqualTo(1 << 20);
    assertThat(value("memoryUsedBytes")).isPositive();
    assertThat(value("memtableBytes")).isPositive();
    assertThat(value("partitionWindows")).isEqualTo(1);
    assertThat(value("segmentBytes")).isZero();
    store.flush();
    assertThat(value("segmentBytes")).isPositive();

    assertThat(value("flushes")).isEqualTo(1);
    assertThat(value("entries")).isEqualTo(1);

    store.close();

    assertThat(gauges.keySet()).allSatisfy(name -> assertThat(value(name)).as(name).isZero());
  }
}
