package io.timelog.summary;

import static io.timelog.summary.SummarizedTable.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.BusyPolicy;
import io.timelog.Maintenance;
import io.timelog.Snapshot;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random writes and deletes beside sorted maps of Java, with aggregates of the present and of
 * moments that have passed. Rerun one case with {@code -Dseed=<seed>}.
 */
final class SummariesModelTest {
  private static final int OPERATIONS = 4_000;

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 16) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void multimap_answersAsAScanOfASortedMapDoes(long seed) {
    try (TimelogStore store = store(seed)) {
      new Run(seed, store, TableOptions.multimap("entries"), Rule.KEEP_ALL).run();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void map_answersAsAScanOfASortedMapDoes(long seed) {
    try (TimelogStore store = store(seed)) {
      new Run(seed, store, TableOptions.map("entries"), Rule.OVERWRITE).run();
    }
  }

  private static TimelogStore store(long seed) {
    return TimelogStore.builder()
        .maintenance(seed % 3 == 0 ? Maintenance.BACKGROUND : Maintenance.DISABLED)
        .memtableMaxBytes(seed % 2 == 0 ? 64 << 10 : 16 << 20)
        .sealedMaxRuns(1)
        .busyPolicy(BusyPolicy.FLUSH)
        .build();
  }

  /** What becomes of entries of the same key and timestamp. */
  private enum Rule {
    KEEP_ALL,
    OVERWRITE
  }

  /** A moment, and what the entries of each key were by then. */
  private record Moment(Snapshot snapshot, Map<Integer, NavigableMap<Long, List<Long>>> entries) {}

  private static final class Run {
    private final long seed;
    private final Random random;
    private final TimelogStore store;
    private final SummarizedTable table;
    private final Rule rule;
    private final int keys;
    private final long spread;
    private final Map<Integer, NavigableMap<Long, List<Long>>> model = new HashMap<>();
    private final List<Moment> moments = new ArrayList<>();
    private long now;

    Run(long seed, TimelogStore store, TableOptions.Builder entries, Rule rule) {
      this.seed = seed;
      this.random = new Random(seed);
      this.store = store;
      this.table = new SummarizedTable(store, entries);
      this.rule = rule;
      this.keys = 1 + random.nextInt(3);
      this.spread = 1L << random.nextInt(14);
      this.now = random.nextInt(3) == 0 ? -3 * spread : random.nextLong() >> random.nextInt(40);
    }

    void run() {
      for (int i = 0; i < OPERATIONS; i++) {
        try {
          step();
          if (random.nextInt(8) == 0) {
            check();
          }
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("seed=" + seed + ", operation=" + i, e);
        }
      }
      moments.forEach(moment -> moment.snapshot().close());
      assertThat(table.sequences.take()).as("summaries read").isPositive();
    }

    private void step() {
      switch (random.nextInt(80)) {
        case 0 -> removeRange(random.nextInt(keys), range());
        case 1 -> removeRange(random.nextInt(keys), TimeRange.until(time()));
        case 2 -> remove(random.nextInt(keys), time());
        case 3 -> deleteRange(range());
        case 4 -> deleteBefore(random.nextInt(4) == 0 ? time() : now - 30 * spread);
        case 5 -> rareStep();
        case 6 -> table.summaries.makeWanted();
        default -> burst();
      }
    }

    private void rareStep() {
      switch (random.nextInt(12)) {
        case 0 -> store.flush();
        case 1 -> store.compact();
        case 2 -> removeRange(random.nextInt(keys), TimeRange.all());
        case 3 -> deleteRange(TimeRange.all());
        case 4 -> moments.add(new Moment(store.snapshot(), copyOfModel()));
        case 5 -> {
          if (!moments.isEmpty()) {
            moments.remove(random.nextInt(moments.size())).snapshot().close();
          }
        }
        case 6 -> write(random.nextInt(keys), random.nextBoolean() ? Long.MIN_VALUE : now - 9999);
        default -> write(random.nextInt(keys), random.nextBoolean() ? Long.MAX_VALUE : now + 9999);
      }
    }

    /** Some entries, in order or nearly, or one far from it. */
    private void burst() {
      int key = random.nextInt(keys);
      if (random.nextInt(4) == 0) {
        write(key, time());
        return;
      }
      for (int i = random.nextInt(24); i >= 0; i--) {
        now += random.nextInt(3) == 0 ? 1 + random.nextLong(1 + spread / 64) : 0;
        write(key, random.nextInt(6) == 0 ? now - random.nextLong(1 + spread / 16) : now);
      }
    }

    private void write(int key, long timestamp) {
      long value = random.nextLong();
      List<Long> values =
          model
              .computeIfAbsent(key, any -> new TreeMap<>())
              .computeIfAbsent(timestamp, any -> new ArrayList<>());
      if (rule == Rule.OVERWRITE) {
        values.clear();
        table.put(key(key), timestamp, value);
      } else {
        table.append(key(key), timestamp, value);
      }
      values.add(value);
    }

    private void remove(int key, long timestamp) {
      if (rule == Rule.OVERWRITE) {
        table.remove(key(key), timestamp);
        entries(model, key).remove(timestamp);
      }
    }

    private void removeRange(int key, TimeRange range) {
      table.removeRange(key(key), range);
      delete(entries(model, key), range);
    }

    private void deleteRange(TimeRange range) {
      table.deleteRange(range);
      model.values().forEach(entries -> delete(entries, range));
    }

    private void deleteBefore(long cutoff) {
      table.deleteBefore(cutoff);
      model.values().forEach(entries -> delete(entries, TimeRange.until(cutoff)));
    }

    private static void delete(NavigableMap<Long, List<Long>> entries, TimeRange range) {
      if (!range.isEmpty()) {
        entries.subMap(range.first(), true, range.last(), true).clear();
      }
    }

    private void check() {
      int key = random.nextInt(keys);
      TimeRange range = range();
      Sequence expected = expected(model, key, range);
      if (random.nextBoolean()) {
        assertThat(table.aggregate(key(key), range)).isEqualTo(expected);
      }
      assertThat(table.read(key(key), range)).isEqualTo(expected);
      for (Moment moment : moments) {
        assertThat(table.aggregate(key(key), range, moment.snapshot()))
            .isEqualTo(expected(moment.entries(), key, range));
      }
    }

    private static Sequence expected(
        Map<Integer, NavigableMap<Long, List<Long>>> model, int key, TimeRange range) {
      Sequence sequence = Sequence.NONE;
      if (range.isEmpty()) {
        return sequence;
      }
      for (Map.Entry<Long, List<Long>> at :
          entries(model, key).subMap(range.first(), true, range.last(), true).entrySet()) {
        for (long value : at.getValue()) {
          sequence = sequence.with(at.getKey(), value);
        }
      }
      return sequence;
    }

    private static NavigableMap<Long, List<Long>> entries(
        Map<Integer, NavigableMap<Long, List<Long>>> model, int key) {
      NavigableMap<Long, List<Long>> entries = model.get(key);
      return entries == null ? new TreeMap<>() : entries;
    }

    private Map<Integer, NavigableMap<Long, List<Long>>> copyOfModel() {
      Map<Integer, NavigableMap<Long, List<Long>>> copy = new HashMap<>();
      model.forEach(
          (key, entries) -> {
            NavigableMap<Long, List<Long>> copied = new TreeMap<>();
            entries.forEach((timestamp, values) -> copied.put(timestamp, List.copyOf(values)));
            copy.put(key, copied);
          });
      return copy;
    }

    private long time() {
      return now - random.nextLong(40 * spread);
    }

    private TimeRange range() {
      return switch (random.nextInt(8)) {
        case 0 -> TimeRange.all();
        case 1 -> TimeRange.since(time());
        case 2 -> TimeRange.until(time());
        case 3 -> TimeRange.at(time());
        case 4 -> TimeRange.closed(time(), Long.MAX_VALUE);
        default -> {
          long start = time();
          yield TimeRange.of(start, start + random.nextLong(20 * spread));
        }
      };
    }
  }
}
