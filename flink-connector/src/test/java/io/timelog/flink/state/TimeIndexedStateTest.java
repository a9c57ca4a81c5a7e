package io.timelog.flink.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.Entry;
import io.timelog.TimeRange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What time-indexed state promises, on every backend alike. */
final class TimeIndexedStateTest {
  private static final MapStateDescriptor<Long, List<String>> EVENTS =
      new TimeIndexedStateDescriptor<>("events", StringSerializer.INSTANCE);

  @TempDir private Path folder;

  private EventStates open(Variant on) throws Exception {
    return EventStates.open(on, folder, EVENTS);
  }

  private static void fill(TimeIndexedState<String> state) {
    state.append(20, "b");
    state.append(10, "a");
    state.append(30, "d");
    state.append(20, "c");
  }

  private static List<String> values(Iterable<Entry<String>> entries) {
    List<String> values = new ArrayList<>();
    entries.forEach(entry -> values.add(entry.value()));
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void range_isInOrderOfTimeThenOfArrival(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      fill(state);

      assertThat(state.range(TimeRange.all()))
          .containsExactly(
              new Entry<>(10, "a"),
              new Entry<>(20, "b"),
              new Entry<>(20, "c"),
              new Entry<>(30, "d"));
      assertThat(values(state.rangeBackward(TimeRange.all()))).containsExactly("d", "c", "b", "a");
      assertThat(state.at(20)).containsExactly("b", "c");
      assertThat(state.at(15)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void range_includesTheStartAndExcludesTheEnd(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      fill(state);

      assertThat(values(state.range(10, 30))).containsExactly("a", "b", "c");
      assertThat(values(state.rangeBackward(10, 30))).containsExactly("c", "b", "a");
      assertThat(values(state.range(30, 10))).isEmpty();
      assertThat(values(state.rangeBackward(30, 10))).isEmpty();
      assertThat(state.count(10, 20)).isEqualTo(1);
      assertThat(state.count(20, 21)).isEqualTo(2);
      assertThat(state.count(20, 20)).isZero();
      assertThat(state.count()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyLong_isATimestamp(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      state.append(Long.MAX_VALUE, "last");
      state.append(0, "epoch");
      state.append(-5, "before");
      state.append(Long.MIN_VALUE, "first");

      assertThat(values(state.range(TimeRange.all())))
          .containsExactly("first", "before", "epoch", "last");
      assertThat(values(state.range(TimeRange.since(-5))))
          .containsExactly("before", "epoch", "last");
      assertThat(state.first()).contains(new Entry<>(Long.MIN_VALUE, "first"));
      assertThat(state.last()).contains(new Entry<>(Long.MAX_VALUE, "last"));
      state.deleteBefore(0);
      assertThat(values(state.range(TimeRange.all()))).containsExactly("epoch", "last");
      state.deleteBefore(Long.MAX_VALUE);
      assertThat(values(state.range(TimeRange.all()))).containsExactly("last");
      state.deleteRange(TimeRange.since(Long.MAX_VALUE));
      assertThat(state.isEmpty()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void instants_areMillisecondsRoundedDown(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      Instant instant = Instant.ofEpochMilli(20).plusNanos(999_999);
      state.append(instant, "value");

      assertThat(state.at(20)).containsExactly("value");
      assertThat(state.at(instant)).containsExactly("value");
      assertThat(values(state.range(Instant.ofEpochMilli(20), Instant.ofEpochMilli(21))))
          .containsExactly("value");
      assertThat(values(state.rangeBackward(Instant.EPOCH, Instant.ofEpochMilli(20)))).isEmpty();
      assertThat(state.count(Instant.EPOCH, Instant.ofEpochMilli(21))).isEqualTo(1);
      state.deleteBefore(Instant.ofEpochMilli(20));
      assertThat(state.isEmpty()).isFalse();
      state.deleteRange(Instant.ofEpochMilli(20), Instant.ofEpochMilli(21));
      assertThat(state.isEmpty()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void deletes_takeWhatIsInTheirRangeAndNothingElse(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      fill(state);
      fill(states.at("other"));

      states.at("key");
      state.deleteBefore(20);
      assertThat(values(state.range(TimeRange.all()))).containsExactly("b", "c", "d");
      state.deleteRange(20, 30);
      assertThat(values(state.range(TimeRange.all()))).containsExactly("d");
      state.deleteRange(0, 30);
      state.append(5, "late");
      assertThat(values(state.range(TimeRange.all()))).containsExactly("late", "d");
      state.clear();
      assertThat(state.isEmpty()).isTrue();
      assertThat(state.first()).isEmpty();
      assertThat(state.last()).isEmpty();
      assertThat(state.count()).isZero();
      assertThat(states.at("other").count()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void firstAndLast_areTheEndsOfTheirRange(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      fill(state);

      assertThat(state.first()).contains(new Entry<>(10, "a"));
      assertThat(state.last()).contains(new Entry<>(30, "d"));
      assertThat(state.first(TimeRange.since(11))).contains(new Entry<>(20, "b"));
      assertThat(state.last(TimeRange.until(30))).contains(new Entry<>(20, "c"));
      assertThat(state.last(TimeRange.until(10))).isEmpty();
      assertThat(state.first(TimeRange.empty())).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void iteration_endsWithAnExceptionOnceTheStateIsChanged(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      List<Runnable> changes =
          List.of(
              () -> state.append(40, "e"),
              () -> state.deleteBefore(0),
              () -> state.deleteRange(25, 26),
              state::clear);
      for (Runnable change : changes) {
        state.clear();
        fill(state);
        Iterator<Entry<String>> forward = state.range(TimeRange.all()).iterator();
        Iterator<Entry<String>> backward = state.rangeBackward(TimeRange.all()).iterator();
        assertThat(forward.next().value()).isEqualTo("a");
        assertThat(backward.next().value()).isEqualTo("d");

        change.run();

        assertThatThrownBy(forward::hasNext).isInstanceOf(ConcurrentModificationException.class);
        assertThatThrownBy(backward::next)
            .isInstanceOf(ConcurrentModificationException.class)
            .hasMessage(
                "The state was changed since this iteration began. Copy the entries to a list"
                    + " before changing it.");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void iteration_thatWasLeftHindersNobody(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      fill(state);
      for (int i = 0; i < 100; i++) {
        state.range(TimeRange.all()).iterator().next();
        state.rangeBackward(TimeRange.all()).iterator().next();
        state.append(40 + i, "e");
      }
      assertThat(state.count()).isEqualTo(104);
    }
  }

  @ParameterizedTest
  @EnumSource
  void iterations_goOnBesideOneAnother(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      fill(state);
      List<String> pairs = new ArrayList<>();
      for (Entry<String> outer : state.range(TimeRange.all())) {
        for (Entry<String> inner : state.rangeBackward(20, 31)) {
          pairs.add(outer.value() + inner.value());
        }
      }
      assertThat(pairs)
          .containsExactly("ad", "ac", "ab", "bd", "bc", "bb", "cd", "cc", "cb", "dd", "dc", "db");
    }
  }

  @ParameterizedTest
  @EnumSource
  void iterator_hasNoMoreThanTheRange(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      fill(state);
      Iterator<Entry<String>> entries = state.range(10, 11).iterator();
      entries.next();
      assertThat(entries.hasNext()).isFalse();
      assertThatThrownBy(entries::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("The range has no more entries.");
    }
  }

  /** More than are read at once: of many timestamps, of one, and of one between others. */
  @ParameterizedTest
  @EnumSource
  void longRanges_areReadToTheirEnd(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        long time = i < 2_000 ? i / 3 : i < 4_000 ? 1_000 : i;
        state.append(time, "value " + i);
        expected.add("value " + i);
      }

      assertThat(values(state.range(TimeRange.all()))).isEqualTo(expected);
      assertThat(state.at(1_000)).isEqualTo(expected.subList(2_000, 4_000));
      Collections.reverse(expected);
      assertThat(values(state.rangeBackward(TimeRange.all()))).isEqualTo(expected);
      assertThat(values(state.rangeBackward(500, 1_001))).isEqualTo(expected.subList(1_000, 3_500));
      assertThat(state.count(0, 1_001)).isEqualTo(4_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void state_isAMapFromTimestampsToLists(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      MapState<Long, List<String>> map = states.mapAt("key");
      fill(state);
      assertThat(map.get(20L)).containsExactly("b", "c");
      assertThat(map.get(10L)).containsExactly("a");

      map.put(10L, new ArrayList<>(List.of("x", "y")));
      List<String> list = map.get(20L);
      list.add("z");
      map.put(20L, list);
      map.remove(30L);
      state.append(10, "w");

      assertThat(values(state.range(TimeRange.all())))
          .containsExactly("x", "y", "w", "b", "c", "z");
      assertThat(map.get(10L)).containsExactly("x", "y", "w");
    }
  }

  @ParameterizedTest
  @EnumSource
  void listsWithoutElements_areNoEntries(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      MapState<Long, List<String>> map = states.mapAt("key");
      map.put(10L, new ArrayList<>());
      assertThat(state.isEmpty()).isTrue();
      assertThat(state.count()).isZero();
      assertThat(state.first()).isEmpty();
      assertThat(state.last()).isEmpty();
      assertThat(state.at(10)).isEmpty();

      map.put(30L, new ArrayList<>());
      state.append(20, "a");
      assertThat(state.count()).isEqualTo(1);
      assertThat(state.first()).isEqualTo(state.last()).contains(new Entry<>(20, "a"));
      assertThat(values(state.range(TimeRange.all()))).containsExactly("a");
      assertThat(values(state.rangeBackward(TimeRange.all()))).containsExactly("a");

      state.append(10, "b");
      state.append(10, "c");
      assertThat(map.get(10L)).containsExactly("b", "c");
      assertThat(state.count()).isEqualTo(3);
      state.deleteBefore(40);
      assertThat(map.isEmpty()).isTrue();
    }
  }

  /** Lists that a job has put into a map need not be such as can be added to. */
  @ParameterizedTest
  @EnumSource
  void append_addsToListsThatCannotBeChanged(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      states.mapAt("key").putAll(Map.of(10L, List.of("a", "b")));
      state.append(10, "c");
      assertThat(state.at(10)).containsExactly("a", "b", "c");
    }
  }

  @ParameterizedTest
  @EnumSource
  void listsThatWereRead_belongToTheCaller(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      fill(state);
      List<String> list = state.at(20);
      list.add("mine");
      state.append(20, "x");
      assertThat(list).containsExactly("b", "c", "mine");
      assertThat(state.at(20)).containsExactly("b", "c", "x");
      assertThat(state.at(99)).isEmpty();
      state.at(99).add("mine");
    }
  }

  /** A long list that a job has from the map stays as it was, whatever is deleted meanwhile. */
  @ParameterizedTest
  @EnumSource(names = {"TIMELOG", "TIMELOG_MEASURED", "ROCKSDB"})
  void listsOfTheMap_surviveDeletes(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        state.append(10, "value " + i);
        expected.add("value " + i);
      }
      List<String> list = states.mapAt("key").get(10L);
      state.append(10, "later");
      state.deleteBefore(100);
      assertThat(list).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void functions_workWithTheSameState(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      fill(states.at("key"));
      TimeIndexedState<String> ofFunction = states.ofFunctionAt("key");
      ofFunction.append(20, "x");
      assertThat(values(ofFunction.range(20, 40))).containsExactly("b", "c", "x", "d");
      assertThat(states.at("key").at(20)).containsExactly("b", "c", "x");
      assertThat(ofFunction.last()).isEqualTo(Optional.of(new Entry<>(30, "d")));
    }
  }

  /** As a function of windows has it. */
  @ParameterizedTest
  @EnumSource
  void stateOfAWindow_isItsOwn(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      for (long window : List.of(1L, 2L)) {
        TimeIndexedState<String> state = stateOf(window, states);
        state.append(10, "of window " + window);
        state.append(20, "later");
        assertThat(state.at(10)).containsExactly("of window " + window);
      }
      stateOf(1, states).deleteBefore(20);
      assertThat(values(stateOf(1, states).range(TimeRange.all()))).containsExactly("later");
      assertThat(stateOf(2, states).count()).isEqualTo(2);
    }
  }

  private static TimeIndexedState<String> stateOf(long window, EventStates states)
      throws Exception {
    return TimeIndexedStates.over(
        states
            .subtasks()
            .at("key")
            .getPartitionedState(
                window,
                LongSerializer.INSTANCE,
                new TimeIndexedStateDescriptor<>("of windows", StringSerializer.INSTANCE)));
  }

  @ParameterizedTest
  @EnumSource
  void nullValue_isRefused(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("key");
      assertThatNullPointerException().isThrownBy(() -> state.append(10, null));
      assertThat(state.isEmpty()).isTrue();
    }
  }
}
