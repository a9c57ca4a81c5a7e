package io.timelog.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Entry;
import io.timelog.TimeRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.ttl.MockTtlTimeProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Time-indexed state in savepoints, which is a map's: any backend reads it, and any function. */
final class TimeIndexedSavepointTest {
  private static final int KEYS = 50;

  @TempDir private Path folder;

  static Stream<Arguments> pairs() {
    return Variant.withSavepoints()
        .flatMap(from -> Variant.withSavepoints().map(to -> Arguments.of(from, to)));
  }

  private static MapStateDescriptor<Long, List<String>> timeIndexed() {
    return new TimeIndexedStateDescriptor<>("events", StringSerializer.INSTANCE);
  }

  /** What a job that knows nothing of this project says. */
  private static MapStateDescriptor<Long, List<String>> map() {
    return new MapStateDescriptor<>(
        "events", LongSerializer.INSTANCE, new ListSerializer<>(StringSerializer.INSTANCE));
  }

  private static MapStateDescriptor<Long, List<String>> timeToLive(Duration duration) {
    MapStateDescriptor<Long, List<String>> descriptor = timeIndexed();
    descriptor.enableTimeToLive(StateTtlConfig.newBuilder(duration).build());
    return descriptor;
  }

  private static String key(int number) {
    return "key " + number;
  }

  private static void fill(EventStates states) {
    for (int i = 0; i < KEYS; i++) {
      TimeIndexedState<String> state = states.at(key(i));
      for (int j = 0; j < i; j++) {
        state.append(j % 10 * 1_000_000L - 3_000_000, "value " + j);
      }
    }
  }

  private static List<List<Entry<String>>> content(EventStates states) {
    List<List<Entry<String>>> content = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      List<Entry<String>> entries = new ArrayList<>();
      states.at(key(i)).range(TimeRange.all()).forEach(entries::add);
      content.add(entries);
    }
    return content;
  }

  @ParameterizedTest(name = "from {0} to {1}")
  @MethodSource("pairs")
  void savepoint_movesTheStateFromAnyBackendToAnyOther(Variant from, Variant to) throws Exception {
    List<List<Entry<String>>> expected;
    List<KeyedStateHandle> savepoint;
    try (EventStates states = EventStates.open(from, folder, timeIndexed(), 2, List.of())) {
      fill(states);
      expected = content(states);
      savepoint = states.subtasks().savepoint(1).finish();
    }

    try (EventStates states = EventStates.open(to, folder, timeIndexed(), 3, savepoint)) {
      assertThat(content(states)).isEqualTo(expected);
      assertThat(states.at(key(49)).count()).isEqualTo(49);
    }
  }

  @ParameterizedTest(name = "from {0} to {1}")
  @MethodSource("pairs")
  void savepoint_isThatOfAMap(Variant from, Variant to) throws Exception {
    List<KeyedStateHandle> savepoint;
    try (EventStates states = EventStates.open(from, folder, timeIndexed())) {
      fill(states);
      savepoint = states.subtasks().savepoint(1).finish();
    }

    List<KeyedStateHandle> back;
    try (EventStates states = EventStates.open(to, folder, map(), 1, savepoint)) {
      MapState<Long, List<String>> map = states.mapAt(key(15));
      assertThat(map.get(-3_000_000L)).containsExactly("value 0", "value 10");
      map.put(7L, new ArrayList<>(List.of("of the map")));
      map.put(8L, new ArrayList<>());
      back = states.subtasks().savepoint(2).finish();
    }

    try (EventStates states = EventStates.open(from, folder, timeIndexed(), 1, back)) {
      TimeIndexedState<String> state = states.at(key(15));
      assertThat(state.at(7)).containsExactly("of the map");
      assertThat(state.count()).isEqualTo(16);
      state.append(8, "of the state");
      assertThat(states.mapAt(key(15)).get(8L)).containsExactly("of the state");
    }
  }

  /** Which are counted as rows and are no entries, and a checkpoint has to tell of them. */
  @Test
  void checkpoint_tellsOfListsWithoutElements() throws Exception {
    List<KeyedStateHandle> checkpoint;
    try (EventStates states =
        EventStates.open(Variant.TIMELOG, folder, timeIndexed(), 2, List.of())) {
      fill(states);
      states.mapAt(key(5)).put(99L, new ArrayList<>());
      checkpoint = states.subtasks().checkpoint(1).finish();
    }
    for (int parallelism : List.of(2, 1, 3)) {
      try (EventStates states =
          EventStates.open(Variant.TIMELOG, folder, timeIndexed(), parallelism, checkpoint)) {
        TimeIndexedState<String> state = states.at(key(5));
        assertThat(state.count()).isEqualTo(5);
        assertThat(state.last().orElseThrow().timestamp()).isEqualTo(1_000_000);
        state.append(99, "value");
        assertThat(states.mapAt(key(5)).get(99L)).containsExactly("value");
        checkpoint = states.subtasks().checkpoint(2).finish();
        state.clear();
        states.mapAt(key(5)).put(99L, new ArrayList<>());
      }
      try (EventStates states =
          EventStates.open(Variant.TIMELOG, folder, timeIndexed(), 2, checkpoint)) {
        assertThat(states.at(key(5)).count()).isEqualTo(6);
        states.at(key(5)).deleteRange(99, 100);
        states.mapAt(key(5)).put(99L, new ArrayList<>());
        checkpoint = states.subtasks().checkpoint(3).finish();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.timelog.flink.state.Variant#withSavepoints")
  void timeToLive_isThatOfTheValuesOfATimestamp(Variant on) throws Exception {
    MockTtlTimeProvider clock = new MockTtlTimeProvider();
    clock.setCurrentTimestamp(0);
    List<KeyedStateHandle> savepoint;
    MapStateDescriptor<Long, List<String>> descriptor = timeToLive(Duration.ofMillis(100));
    try (EventStates states = EventStates.open(on, folder, descriptor, 1, List.of(), clock)) {
      TimeIndexedState<String> state = states.at("key");
      state.append(10, "a");
      state.append(20, "b");
      clock.setCurrentTimestamp(60);
      state.append(20, "c");
      state.append(30, "d");
      clock.setCurrentTimestamp(110);

      assertThat(state.range(TimeRange.all()))
          .containsExactly(new Entry<>(20, "b"), new Entry<>(20, "c"), new Entry<>(30, "d"));
      assertThat(state.at(10)).isEmpty();
      assertThat(state.first()).contains(new Entry<>(20, "b"));
      assertThat(state.count()).isEqualTo(3);
      savepoint = states.subtasks().savepoint(1).finish();
    }
    try (EventStates states = EventStates.open(on, folder, descriptor, 1, savepoint, clock)) {
      TimeIndexedState<String> state = states.at("key");
      assertThat(state.count()).isEqualTo(3);
      clock.setCurrentTimestamp(200);
      assertThat(state.isEmpty()).isTrue();
      assertThat(state.last()).isEmpty();
      state.append(20, "e");
      assertThat(state.at(20)).containsExactly("e");
    }
  }

  /** A job gives the state a time to live, or takes it away. */
  @ParameterizedTest(name = "from {0} to {1}")
  @MethodSource("pairs")
  void timeToLive_comesAndGoes(Variant from, Variant to) throws Exception {
    List<List<Entry<String>>> expected;
    List<KeyedStateHandle> savepoint;
    try (EventStates states = EventStates.open(from, folder, timeIndexed())) {
      fill(states);
      expected = content(states);
      savepoint = states.subtasks().savepoint(1).finish();
    }
    List<KeyedStateHandle> withTime;
    try (EventStates states =
        EventStates.open(to, folder, timeToLive(Duration.ofDays(1)), 1, savepoint)) {
      assertThat(content(states)).isEqualTo(expected);
      withTime = states.subtasks().savepoint(2).finish();
    }
    try (EventStates states = EventStates.open(from, folder, timeIndexed(), 1, withTime)) {
      assertThat(content(states)).isEqualTo(expected);
      assertThat(states.at(key(7)).count()).isEqualTo(7);
    }
  }
}
