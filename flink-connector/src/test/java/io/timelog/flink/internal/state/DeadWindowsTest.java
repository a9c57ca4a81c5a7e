package io.timelog.flink.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalListState;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Jobs remove what is over key by key, and never say that a time is over. The partition windows of
 * such times leave memory with their last row all the same.
 */
final class DeadWindowsTest {
  private static final int TIMES = 200;
  private static final int KEYS = 50;
  private static final int ALIVE = 3;
  private static final long MINUTE = 60_000;

  /** As an engine that knew when a time is over would have it, and some more. */
  private static final long FEW_WINDOWS = 8;

  private final Map<String, Gauge<?>> gauges = new HashMap<>();
  private Subtasks subtasks;

  @BeforeEach
  void open() throws Exception {
    MetricGroup group =
        new UnregisteredMetricsGroup() {
          @Override
          public MetricGroup addGroup(String name) {
            return this;
          }

          @Override
          public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
            gauges.put(name, gauge);
            return gauge;
          }
        };
    subtasks = Subtasks.of(new TimelogStateBackend()).metrics(group).open();
  }

  @AfterEach
  void close() throws Exception {
    subtasks.close();
  }

  private long gauge(String name) {
    return (Long) gauges.get(name).getValue();
  }

  private static String key(int number) {
    return "key " + number;
  }

  private interface Step {
    void at(long time) throws Exception;
  }

  /** Adds at one time after the other, and removes what is a few times older. */
  private void pass(Step add, Step remove) throws Exception {
    long most = 0;
    for (int i = 0; i < TIMES + ALIVE; i++) {
      for (int key = 0; key < KEYS; key++) {
        subtasks.at(key(key));
        if (i < TIMES) {
          add.at(i * MINUTE);
        }
        if (i >= ALIVE) {
          remove.at((i - ALIVE) * MINUTE);
        }
      }
      most = Math.max(most, gauge("partitionWindows"));
    }
    assertThat(most).isPositive().isLessThanOrEqualTo(FEW_WINDOWS);
    assertThat(gauge("partitionWindows")).isZero();
    assertThat(gauge("memtableBytes")).isZero();
  }

  @Test
  @SuppressWarnings("unchecked") // what Flink's operators of windows do
  void windowsThatFired() throws Exception {
    ListState<Long> created =
        subtasks
            .at(key(0))
            .getOrCreateKeyedState(
                new TimeWindow.Serializer(),
                new ListStateDescriptor<>("windows", LongSerializer.INSTANCE));
    InternalListState<String, TimeWindow, Long> state =
        (InternalListState<String, TimeWindow, Long>) created;
    pass(
        time -> {
          state.setCurrentNamespace(new TimeWindow(time, time + MINUTE));
          state.add(time);
          state.add(time + 1);
        },
        time -> {
          state.setCurrentNamespace(new TimeWindow(time, time + MINUTE));
          assertThat(state.get()).containsExactly(time, time + 1);
          state.clear();
        });
  }

  @Test
  void entriesOfMaps_thatExpired() throws Exception {
    MapState<Long, Long> state =
        state(new MapStateDescriptor<>("map", LongSerializer.INSTANCE, LongSerializer.INSTANCE));
    pass(
        time -> state.put(time, time),
        time -> {
          assertThat(state.get(time)).isEqualTo(time);
          state.remove(time);
        });
  }

  @Test
  void listsInMaps_thatExpired() throws Exception {
    MapState<Long, List<Long>> state =
        state(
            new MapStateDescriptor<>(
                "lists", LongSerializer.INSTANCE, new ListSerializer<>(LongSerializer.INSTANCE)));
    pass(
        time -> state.put(time, List.of(time, time + 1)),
        time -> {
          assertThat(state.get(time)).containsExactly(time, time + 1);
          state.remove(time);
        });
  }

  private <V> MapState<Long, V> state(MapStateDescriptor<Long, V> descriptor) throws Exception {
    return subtasks
        .at(key(0))
        .getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }
}
