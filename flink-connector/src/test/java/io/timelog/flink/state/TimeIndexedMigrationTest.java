package io.timelog.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Entry;
import io.timelog.TimeRange;
import io.timelog.flink.fixture.Subtasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.testutils.statemigration.TestType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The values of time-indexed state change their serialized form between two runs of a job. */
final class TimeIndexedMigrationTest {
  @TempDir private Path folder;

  private static TimeIndexedState<TestType> state(
      Subtasks subtasks, TypeSerializer<TestType> serializer) throws Exception {
    return TimeIndexedStates.of(
        subtasks.at("key"), new TimeIndexedStateDescriptor<>("events", serializer));
  }

  private static void fill(TimeIndexedState<TestType> state) {
    for (int i = 0; i < 300; i++) {
      state.append(i / 3 * 1_000_000L, new TestType("name " + i, i));
    }
  }

  private static void requireMigrated(Subtasks subtasks) throws Exception {
    TimeIndexedState<TestType> state = state(subtasks, new TestType.V2TestTypeSerializer());
    TestType added = new TestType("added", 300);
    state.append(5_000_000L, added);

    List<TestType> expected = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      expected.add(new TestType("name " + i, i));
    }
    expected.add(18, added);
    assertThat(state.range(TimeRange.all())).extracting(Entry::value).isEqualTo(expected);
    assertThat(state.count()).isEqualTo(301);
    assertThat(state.at(5_000_000L)).endsWith(added).hasSize(4);
  }

  @ParameterizedTest
  @MethodSource("io.timelog.flink.state.Variant#withSavepoints")
  void savepoint_isReadWithTheNewSerializer(Variant on) throws Exception {
    List<KeyedStateHandle> savepoint;
    try (Subtasks subtasks = Subtasks.of(on.backend(folder)).open()) {
      fill(state(subtasks, new TestType.V1TestTypeSerializer()));
      savepoint = subtasks.savepoint(1).finish();
    }
    try (Subtasks subtasks = Subtasks.of(on.backend(folder)).restoring(savepoint).open()) {
      requireMigrated(subtasks);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TIMELOG", "FORST"})
  void checkpoint_isReadWithTheNewSerializer(Variant on) throws Exception {
    List<KeyedStateHandle> checkpoint;
    try (Subtasks subtasks = Subtasks.of(on.backend(folder)).open()) {
      fill(state(subtasks, new TestType.V1TestTypeSerializer()));
      checkpoint = subtasks.checkpoint(1).finish();
    }
    try (Subtasks subtasks = Subtasks.of(on.backend(folder)).restoring(checkpoint).open()) {
      requireMigrated(subtasks);
    }
  }
}
