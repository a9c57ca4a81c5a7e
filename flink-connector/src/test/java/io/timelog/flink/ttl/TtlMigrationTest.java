package io.timelog.flink.ttl;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import io.timelog.flink.fixture.TextState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
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

  @ParameterizedTest
  @EnumSource
  void state_getsATimeToLiveFromTheMigrationOn(TextState kind) throws Exception {
    time.time = 0;
    Object content;
    List<KeyedStateHandle> savepoint;
    try (Subtasks subtasks = open(List.of())) {
      State state = state(subtasks, kind, false);
      kind.fill(state, "text");
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
  void state_losesItsTimeToLive(TextState kind) throws Exception {
    time.time = 0;
    Object content;
    List<KeyedStateHandle> savepoint;
    try (Subtasks subtasks = open(List.of())) {
      State state = state(subtasks, kind, true);
      kind.fill(state, "text");
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

  private static State state(Subtasks subtasks, TextState kind, boolean expires) throws Exception {
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
