package io.timelog.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Entry;
import io.timelog.TimeRange;
import io.timelog.flink.fixture.Subtasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations on time-indexed state, and on the map that it is, beside a sorted map: on every
 * backend, through snapshots, restores and rescaling, and from one backend to the next.
 *
 * <p>{@code -Dmodel.operations=1000000} runs longer, {@code -Dseed=7} repeats the seed of a
 * failure.
 */
final class TimeIndexedStateModelTest {
  private static final int OPERATIONS = Integer.getInteger("model.operations", 10_000);

  @TempDir private Path folder;

  static Stream<Arguments> runs() {
    Long seed = Long.getLong("seed");
    return seed == null
        ? Stream.iterate(1L, number -> number + 1).limit(4).flatMap(TimeIndexedStateModelTest::runs)
        : runs(seed);
  }

  /** One on each backend, and one that moves from one to another. */
  private static Stream<Arguments> runs(long seed) {
    return Stream.concat(
            Stream.of(Variant.values()).map(Optional::of), Stream.of(Optional.<Variant>empty()))
        .map(variant -> Arguments.of(seed, variant));
  }

  @ParameterizedTest(name = "seed {0}, on {1}")
  @MethodSource("runs")
  void state_answersAsASortedMapDoes(long seed, Optional<Variant> only) throws Exception {
    new Run(new Random(seed), only, folder).run();
  }

  private static final class Run {
    private static final int KEYS = 6;

    private final Random random;
    private final Optional<Variant> only;
    private final Path folder;
    private final MapStateDescriptor<Long, List<String>> descriptor =
        new TimeIndexedStateDescriptor<>("events", StringSerializer.INSTANCE);

    private Map<String, NavigableMap<Long, List<String>>> model = new HashMap<>();
    private Variant on;
    private EventStates states;
    private long snapshots;

    Run(Random random, Optional<Variant> only, Path folder) {
      this.random = random;
      this.only = only;
      this.folder = folder;
      this.on = variant();
      if (random.nextInt(3) == 0) {
        descriptor.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofDays(1)).build());
      }
    }

    private Variant variant() {
      List<Variant> all = Variant.withSavepoints().toList();
      return only.orElseGet(() -> all.get(random.nextInt(all.size())));
    }

    void run() throws Exception {
      states = EventStates.open(on, folder, descriptor);
      try {
        for (int i = 0; i < OPERATIONS; i++) {
          if (random.nextInt(1_000) == 0) {
            restart();
          } else {
            act();
          }
        }
        compareAll();
      } finally {
        states.close();
      }
    }

    /** Takes a snapshot, goes on while it is read, and starts again from it. */
    private void restart() throws Exception {
      boolean checkpoint = on == Variant.FORST || (on == Variant.TIMELOG && random.nextBoolean());
      Subtasks.Begun begun =
          checkpoint
              ? states.subtasks().checkpoint(++snapshots)
              : states.subtasks().savepoint(++snapshots);
      Map<String, NavigableMap<Long, List<String>>> then = copy(model);
      for (int i = random.nextInt(100); i > 0; i--) {
        act();
      }
      List<KeyedStateHandle> handles = begun.finish();
      states.close();
      model = then;
      on = checkpoint ? on : variant();
      states = EventStates.open(on, folder, descriptor, 1 + random.nextInt(4), handles);
      compareAll();
    }

    private static Map<String, NavigableMap<Long, List<String>>> copy(
        Map<String, NavigableMap<Long, List<String>>> of) {
      Map<String, NavigableMap<Long, List<String>>> copy = new HashMap<>();
      of.forEach(
          (key, lists) -> {
            NavigableMap<Long, List<String>> own = new TreeMap<>();
            lists.forEach((time, list) -> own.put(time, new ArrayList<>(list)));
            copy.put(key, own);
          });
      return copy;
    }

    private static String key(int number) {
      return "key " + number;
    }

    private void act() throws Exception {
      String key = key(random.nextInt(KEYS));
      NavigableMap<Long, List<String>> expected =
          model.computeIfAbsent(key, absent -> new TreeMap<>());
      if (random.nextInt(6) == 0) {
        actOnMap(states.mapAt(key), expected);
      } else {
        actOnState(random.nextInt(8) == 0 ? states.ofFunctionAt(key) : states.at(key), expected);
      }
    }

    private void actOnState(
        TimeIndexedState<String> state, NavigableMap<Long, List<String>> expected) {
      TimeRange range = range();
      switch (random.nextInt(26)) {
        case 0, 1 -> assertThat(entries(state.range(range))).isEqualTo(entries(expected, range));
        case 2, 3 ->
            assertThat(entries(state.rangeBackward(range))).isEqualTo(reversed(expected, range));
        case 4 -> assertThat(state.count(range)).isEqualTo(entries(expected, range).size());
        case 5 ->
            assertThat(state.first(range)).isEqualTo(entries(expected, range).stream().findFirst());
        case 6 ->
            assertThat(state.last(range)).isEqualTo(reversed(expected, range).stream().findFirst());
        case 7 ->
            assertThat(state.isEmpty()).isEqualTo(entries(expected, TimeRange.all()).isEmpty());
        case 8 -> {
          long time = time();
          assertThat(state.at(time)).isEqualTo(expected.getOrDefault(time, List.of()));
        }
        case 9 -> {
          if (random.nextInt(4) == 0) {
            state.clear();
            expected.clear();
          }
        }
        case 10 -> {
          state.deleteRange(range);
          expected.keySet().removeIf(range::contains);
        }
        case 11 -> {
          long cutoff = time();
          state.deleteBefore(cutoff);
          expected.headMap(cutoff).clear();
        }
        case 12, 13 ->
            assertThat(state.aggregate(ValueTrace.SUMMARY).over(range))
                .isEqualTo(trace(entries(expected, range)));
        default -> append(state, expected);
      }
    }

    private static ValueTrace trace(List<Entry<String>> entries) {
      ValueTrace trace = ValueTrace.NONE;
      for (Entry<String> entry : entries) {
        trace = trace.with(entry.timestamp(), entry.value());
      }
      return trace;
    }

    private void append(TimeIndexedState<String> state, NavigableMap<Long, List<String>> expected) {
      long time = time();
      for (int i = random.nextInt(60) == 0 ? 200 : 1; i > 0; i--) {
        String value = value();
        state.append(time, value);
        expected.computeIfAbsent(time, absent -> new ArrayList<>()).add(value);
      }
    }

    private void actOnMap(
        MapState<Long, List<String>> map, NavigableMap<Long, List<String>> expected)
        throws Exception {
      long time = time();
      switch (random.nextInt(6)) {
        case 0 -> {
          List<String> values = new ArrayList<>();
          for (int i = random.nextInt(4); i > 0; i--) {
            values.add(value());
          }
          map.put(time, new ArrayList<>(values));
          expected.put(time, values);
        }
        case 1 -> {
          map.remove(time);
          expected.remove(time);
        }
        case 2 -> {
          List<String> list = map.get(time);
          assertThat(list).isEqualTo(expected.get(time));
          List<String> longer = list == null ? new ArrayList<>() : list;
          String value = value();
          longer.add(value);
          map.put(time, longer);
          expected.computeIfAbsent(time, absent -> new ArrayList<>()).add(value);
        }
        case 3 -> assertThat(map.contains(time)).isEqualTo(expected.containsKey(time));
        default -> {
          Map<Long, List<String>> found = new HashMap<>();
          for (Map.Entry<Long, List<String>> entry : map.entries()) {
            found.put(entry.getKey(), entry.getValue());
          }
          assertThat(found).isEqualTo(expected);
        }
      }
    }

    private void compareAll() {
      for (int i = 0; i < KEYS; i++) {
        NavigableMap<Long, List<String>> expected = model.getOrDefault(key(i), new TreeMap<>());
        TimeIndexedState<String> state = states.at(key(i));
        assertThat(entries(state.range(TimeRange.all())))
            .as("on %s", on)
            .isEqualTo(entries(expected, TimeRange.all()));
        assertThat(state.count()).isEqualTo(entries(expected, TimeRange.all()).size());
      }
    }

    private static List<Entry<String>> entries(Iterable<Entry<String>> of) {
      List<Entry<String>> entries = new ArrayList<>();
      of.forEach(entries::add);
      return entries;
    }

    private static List<Entry<String>> entries(
        NavigableMap<Long, List<String>> lists, TimeRange range) {
      List<Entry<String>> entries = new ArrayList<>();
      lists.forEach(
          (time, list) -> {
            if (range.contains(time)) {
              list.forEach(value -> entries.add(new Entry<>(time, value)));
            }
          });
      return entries;
    }

    private static List<Entry<String>> reversed(
        NavigableMap<Long, List<String>> lists, TimeRange range) {
      List<Entry<String>> entries = entries(lists, range);
      Collections.reverse(entries);
      return entries;
    }

    private String value() {
      return "x".repeat(random.nextInt(5)) + random.nextInt(1_000);
    }

    /** Mostly a few, so that they meet again, and so far apart that they are in several windows. */
    private long time() {
      return switch (random.nextInt(24)) {
        case 0 -> random.nextLong();
        case 1 -> random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
        default -> (random.nextInt(14) - 4) * 1_000_000L;
      };
    }

    private TimeRange range() {
      return switch (random.nextInt(8)) {
        case 0 -> TimeRange.all();
        case 1 -> TimeRange.since(time());
        case 2 -> TimeRange.until(time());
        case 3 -> TimeRange.at(time());
        default -> TimeRange.of(time(), time());
      };
    }
  }
}
