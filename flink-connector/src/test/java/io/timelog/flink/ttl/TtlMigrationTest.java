package io.timelog.flink.ttl;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.ttl.MockTtlTimeProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job gives a state a time to live that it has not had, or takes it away. */
final class TtlMigrationTest {
  private static final Duration TIME_TO_LIVE = Duration.ofMillis(100);

  private final MockTtlTimeProvider time = new MockTtlTimeProvider();

  enum Kind {
    VALUE {
      @Override
      StateDescriptor<?, ?> descriptor() {
        return new ValueStateDescriptor<>("state", StringSerializer.INSTANCE);
      }

      @Override
      @SuppressWarnings("unchecked")
      void fill(State state) throws IOException {
        ((ValueState<String>) state).update("value");
      }

      @Override
      Object content(State state) throws IOException {
        return ((ValueState<?>) state).value();
      }
    },
    LIST {
      @Override
      StateDescriptor<?, ?> descriptor() {
        return new ListStateDescriptor<>("state", StringSerializer.INSTANCE);
      }

      @Override
      @SuppressWarnings("unchecked")
      void fill(State state) throws Exception {
        ((ListState<String>) state).addAll(List.of("one", "two", "two"));
      }

      @Override
      Object content(State state) throws Exception {
        Iterable<?> elements = ((ListState<?>) state).get();
        List<Object> list = new ArrayList<>();
        if (elements != null) {
          elements.forEach(list::add);
        }
        return list.isEmpty() ? null : list;
      }
    },
    TEXT_MAP {
      @Override
      StateDescriptor<?, ?> descriptor() {
        return new MapStateDescriptor<>(
            "state", StringSerializer.INSTANCE, StringSerializer.INSTANCE);
      }

      @Override
      @SuppressWarnings("unchecked")
      void fill(State state) throws Exception {
        ((MapState<String, String>) state).putAll(Map.of("a", "one", "b", "two"));
      }

      @Override
      Object content(State state) throws Exception {
        return entries(state);
      }
    },
    LONG_MAP {
      @Override
      StateDescriptor<?, ?> descriptor() {
        return new MapStateDescriptor<>(
            "state", LongSerializer.INSTANCE, StringSerializer.INSTANCE);
      }

      @Override
      @SuppressWarnings("unchecked")
      void fill(State state) throws Exception {
        ((MapState<Long, String>) state).putAll(Map.of(-1L, "one", 10L, "two"));
      }

      @Override
      Object content(State state) throws Exception {
        return entries(state);
      }
    },
    /** With a time to live each list has one of its own, and is laid out in another way. */
    LONG_LIST_MAP {
      @Override
      StateDescriptor<?, ?> descriptor() {
        return new MapStateDescriptor<>(
            "state", LongSerializer.INSTANCE, new ListSerializer<>(StringSerializer.INSTANCE));
      }

      @Override
      @SuppressWarnings("unchecked")
      void fill(State state) throws Exception {
        ((MapState<Long, List<String>>) state)
            .putAll(Map.of(-1L, List.of("one", "two"), 5L, List.of(), 10L, List.of("three")));
      }

      @Override
      Object content(State state) throws Exception {
        return entries(state);
      }
    };

    abstract StateDescriptor<?, ?> descriptor();

    abstract void fill(State state) throws Exception;

    /** What the state has; null if it has nothing. */
    abstract Object content(State state) throws Exception;

    private static Object entries(State state) throws Exception {
      Map<Object, Object> entries = new HashMap<>();
      for (Map.Entry<?, ?> entry : ((MapState<?, ?>) state).entries()) {
        entries.put(entry.getKey(), entry.getValue());
      }
      return entries.isEmpty() ? null : entries;
    }
  }

  @ParameterizedTest
  @EnumSource
  void state_getsATimeToLiveFromTheMigrationOn(Kind kind) throws Exception {
    time.time = 0;
    Object content;
    List<KeyedStateHandle> savepoint;
    try (Subtasks subtasks = open(List.of())) {
      State state = state(subtasks, kind, false);
      kind.fill(state);
      content = kind.content(state);
      savepoint = subtasks.savepoint(1).finish();
    }

    time.time = 1_000;
    try (Subtasks subtasks = open(savepoint)) {
      assertThat(kind.content(state(subtasks, kind, true))).isNotNull().isEqualTo(content);
      time.time = 1_101;
      assertThat(kind.content(state(subtasks, kind, true))).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void state_losesItsTimeToLive(Kind kind) throws Exception {
    time.time = 0;
    Object content;
    List<KeyedStateHandle> savepoint;
    try (Subtasks subtasks = open(List.of())) {
      State state = state(subtasks, kind, true);
      kind.fill(state);
      content = kind.content(state);
      savepoint = subtasks.savepoint(1).finish();
    }

    time.time = 1_000;
    try (Subtasks subtasks = open(savepoint)) {
      assertThat(kind.content(state(subtasks, kind, false))).isNotNull().isEqualTo(content);
    }
  }

  private Subtasks open(List<KeyedStateHandle> restored) throws IOException {
    return Subtasks.of(new TimelogStateBackend()).clock(time).restoring(restored).open();
  }

  private static State state(Subtasks subtasks, Kind kind, boolean expires) throws Exception {
    @SuppressWarnings("unchecked")
    StateDescriptor<State, ?> descriptor = (StateDescriptor<State, ?>) kind.descriptor();
    if (expires) {
      descriptor.enableTimeToLive(StateTtlConfig.newBuilder(TIME_TO_LIVE).build());
    }
    return subtasks
        .at("key")
        .getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }
}
