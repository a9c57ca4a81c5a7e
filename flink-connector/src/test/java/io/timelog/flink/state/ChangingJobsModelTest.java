package io.timelog.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.TimeRange;
import io.timelog.summary.LongSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Versions of a job, of which each goes on from what the one before has left: with other summaries
 * or with none, another parallelism, another backend, with a time to live or without. Whatever they
 * do to the state, aggregates are those of a sorted map. Rerun one case with {@code -Dseed=<seed>}.
 */
final class ChangingJobsModelTest {
  private static final int VERSIONS = 8;
  private static final int STEPS = 120;
  private static final int KEYS = 2;

  private static final RangeSummary<String, LongSummary, LongSummary> NUMBERS =
      RangeSummary.ofLongs(Long::parseLong);

  @TempDir private Path folder;

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 12) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aggregates_areThoseOfASortedMap(long seed) throws Exception {
    new Run(folder, seed).run();
  }

  /** What a version of the job asks for. */
  private enum Asking {
    NOTHING,
    NUMBERS,
    TRACES,
    BOTH
  }

  private static final class Run {
    private final Path folder;
    private final long seed;
    private final Random random;
    private final Map<String, NavigableMap<Long, List<String>>> model = new HashMap<>();
    private long now;
    private int values;

    Run(Path folder, long seed) {
      this.folder = folder;
      this.seed = seed;
      random = new Random(seed);
    }

    void run() throws Exception {
      List<KeyedStateHandle> snapshot = List.of();
      Variant on = Variant.TIMELOG;
      for (int version = 0; version < VERSIONS; version++) {
        Variant next = one(Variant.TIMELOG, Variant.TIMELOG, Variant.HEAP, Variant.ROCKSDB);
        try (EventStates states =
            EventStates.open(on, folder, descriptor(), 1 + random.nextInt(3), snapshot)) {
          steps(states, one(Asking.values()));
          snapshot =
              on == next && random.nextBoolean()
                  ? states.subtasks().checkpoint(version).finish()
                  : states.subtasks().savepoint(version).finish();
        }
        on = next;
      }
    }

    @SafeVarargs
    private <T> T one(T... of) {
      return of[random.nextInt(of.length)];
    }

    private MapStateDescriptor<Long, List<String>> descriptor() {
      MapStateDescriptor<Long, List<String>> descriptor =
          new TimeIndexedStateDescriptor<>("events", StringSerializer.INSTANCE);
      if (random.nextInt(4) == 0) {
        descriptor.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofDays(1)).build());
      }
      return descriptor;
    }

    private void steps(EventStates states, Asking asking) throws Exception {
      for (int step = 0; step < STEPS; step++) {
        String key = "key " + random.nextInt(KEYS);
        NavigableMap<Long, List<String>> expected =
            model.computeIfAbsent(key, absent -> new TreeMap<>());
        change(states, key, expected);
        requireRight(states.at(key), asking, expected);
      }
    }

    private void change(EventStates states, String key, NavigableMap<Long, List<String>> expected)
        throws Exception {
      int kind = random.nextInt(40);
      if (kind == 0) {
        states.at(key).clear();
        expected.clear();
      } else if (kind < 4) {
        long start = someTime();
        long end = start + random.nextInt(300);
        states.at(key).deleteRange(start, end);
        expected.subMap(start, true, end, false).clear();
      } else if (kind < 6) {
        long cutoff = now - 2_000 - random.nextInt(2_000);
        states.at(key).deleteBefore(cutoff);
        expected.headMap(cutoff, false).clear();
      } else if (kind < 9) {
        long time = someTime();
        List<String> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value());
        }
        states.mapAt(key).put(time, new ArrayList<>(list));
        expected.put(time, list);
      } else if (kind < 11) {
        long time = someTime();
        states.mapAt(key).remove(time);
        expected.remove(time);
      } else {
        append(states.at(key), expected);
      }
    }

    private void append(TimeIndexedState<String> state, NavigableMap<Long, List<String>> expected) {
      for (int i = random.nextInt(40); i >= 0; i--) {
        now += random.nextInt(6);
        long time = random.nextInt(10) == 0 ? someTime() : now;
        String value = value();
        state.append(time, value);
        expected.computeIfAbsent(time, absent -> new ArrayList<>()).add(value);
      }
    }

    private String value() {
      values++;
      return Integer.toString(values);
    }

    private long someTime() {
      return now - random.nextInt(4_000);
    }

    private void requireRight(
        TimeIndexedState<String> state, Asking asking, NavigableMap<Long, List<String>> expected) {
      long start = someTime();
      TimeRange range =
          random.nextInt(3) == 0 ? TimeRange.all() : TimeRange.of(start, start + 3_000);
      if (asking == Asking.NUMBERS || asking == Asking.BOTH) {
        requireRight(state, NUMBERS, range, expected);
      }
      if (asking == Asking.TRACES || asking == Asking.BOTH) {
        requireRight(state, ValueTrace.SUMMARY, range, expected);
      }
    }

    private <A> void requireRight(
        TimeIndexedState<String> state,
        RangeSummary<String, A, A> summary,
        TimeRange range,
        NavigableMap<Long, List<String>> expected) {
      A folded = summary.summarizer().none();
      for (Map.Entry<Long, List<String>> bucket : expected.entrySet()) {
        if (range.contains(bucket.getKey())) {
          for (String value : bucket.getValue()) {
            folded = summary.summarizer().add(folded, bucket.getKey(), value);
          }
        }
      }
      assertThat(state.aggregate(summary).over(range))
          .as("seed=%s, %s", seed, range)
          .isEqualTo(folded);
    }
  }
}
