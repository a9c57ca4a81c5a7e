package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A {@link Timelog} under random operations reads like a plain sorted map of lists. A seed names
 * the settings of the log and every operation; rerun one with {@code -Dseed=<seed>}.
 */
final class TimelogDifferentialTest {
  private static final int OPERATIONS = 8_000;

  @RegisterExtension final OpenLogs logs = new OpenLogs();

  static LongStream seeds() {
    String only = System.getProperty("seed");
    return only == null ? LongStream.range(0, 16) : LongStream.of(Long.parseLong(only));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyRead_equalsTheReadOfASortedMap(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<Long, Integer> reports = new HashMap<>();
    DropListener<Long> listener =
        (timestamp, value) -> {
          synchronized (reports) {
            reports.merge(value, 1, Integer::sum);
          }
        };
    try {
      Timelog<Long> log =
          random.nextBoolean()
              ? logs.open(
                  randomized(Timelog.builder(Codecs.longs()), random).dropListener(listener))
              : logs.open(randomized(Timelog.<Long>objects(), random).dropListener(listener));
      Run run = new Run(log, random);
      for (int i = 0; i < OPERATIONS; i++) {
        run.step();
      }
      run.finish(reports);
    } catch (RuntimeException | AssertionError failure) {
      throw new AssertionError("Log and map disagree: seed=" + seed, failure);
    }
  }

  private static <B extends LogBuilder<B>> B randomized(B settings, SplittableRandom random) {
    settings
        .memtableMaxBytes(4096L << random.nextInt(4))
        .targetPageBytes(128L << random.nextInt(6))
        .sealedMaxRuns(random.nextInt(3))
        .maintenance(random.nextInt(3) == 0 ? Maintenance.BACKGROUND : Maintenance.DISABLED);
    if (random.nextBoolean()) {
      settings.windowSize(1 + random.nextInt(500)).windowOrigin(random.nextInt(100));
    }
    return settings;
  }

  /** A log, the map that it should equal, and snapshots of both. */
  private static final class Run {
    private final Timelog<Long> log;
    private final SplittableRandom random;
    private final TreeMap<Long, List<Long>> model = new TreeMap<>();
    private final Deque<Snapshot> snapshots = new ArrayDeque<>();

    /** Values are numbered in the order of arrival. */
    private long arrivals;

    private long now;
    private long deleted;

    private record Snapshot(EntryIterator<Entry<Long>> actual, List<Entry<Long>> expected) {}

    Run(Timelog<Long> log, SplittableRandom random) {
      this.log = log;
      this.random = random;
    }

    void step() {
      switch (random.nextInt(40)) {
        case 0, 1 -> extend();
        case 2 -> delete(range());
        case 3 -> deleteBefore();
        case 4 -> log.flush();
        case 5 -> log.compact();
        case 6 -> readForward();
        case 7 -> readBackward();
        case 8 -> readPoints();
        case 9 -> readSpans();
        case 10 -> takeSnapshot();
        default -> append();
      }
    }

    private long timestamp() {
      now += random.nextInt(3);
      return switch (random.nextInt(50)) {
        case 0 -> now - random.nextInt(2_000);
        case 1, 2, 3, 4, 5 -> now - random.nextInt(50);
        case 6 -> random.nextInt(20) == 0 ? Long.MAX_VALUE - random.nextInt(3) : now;
        case 7 -> random.nextInt(20) == 0 ? Long.MIN_VALUE + random.nextInt(3) : now;
        default -> now;
      };
    }

    private TimeRange range() {
      return switch (random.nextInt(12)) {
        case 0 -> TimeRange.all();
        case 1 -> TimeRange.since(now - random.nextInt(300));
        case 2 -> TimeRange.until(now - random.nextInt(300));
        case 3 -> TimeRange.at(now - random.nextInt(300));
        default -> {
          long start = now - random.nextInt(600);
          yield TimeRange.of(start, start + random.nextInt(200) - 5);
        }
      };
    }

    private void append() {
      long timestamp = timestamp();
      model.computeIfAbsent(timestamp, t -> new ArrayList<>()).add(arrivals);
      log.append(timestamp, arrivals++);
    }

    private void extend() {
      int count = random.nextInt(200);
      long[] timestamps = new long[count];
      List<Long> values = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        timestamps[i] = timestamp();
        model.computeIfAbsent(timestamps[i], t -> new ArrayList<>()).add(arrivals);
        values.add(arrivals++);
      }
      log.extend(timestamps, values);
    }

    private void delete(TimeRange range) {
      if (random.nextInt(4) > 0 && range.equals(TimeRange.all())) {
        return;
      }
      log.deleteRange(range);
      forget(part(range));
    }

    private void deleteBefore() {
      long cutoff = now - random.nextInt(1_000);
      log.deleteBefore(cutoff);
      forget(model.headMap(cutoff, false));
    }

    private void forget(NavigableMap<Long, List<Long>> part) {
      deleted += part.values().stream().mapToLong(Collection::size).sum();
      part.clear();
    }

    private NavigableMap<Long, List<Long>> part(TimeRange range) {
      return range.isEmpty()
          ? new TreeMap<>()
          : model.subMap(range.first(), true, range.last(), true);
    }

    private List<Entry<Long>> expected(TimeRange range) {
      List<Entry<Long>> entries = new ArrayList<>();
      part(range)
          .forEach((t, values) -> values.forEach(value -> entries.add(new Entry<>(t, value))));
      return entries;
    }

    private void readForward() {
      TimeRange range = range();
      List<Entry<Long>> expected = expected(range);
      try (EntryIterator<Entry<Long>> entries = log.range(range).iterator()) {
        assertThat(entries.nextBatch(Integer.MAX_VALUE)).isEqualTo(expected);
      }
      assertThat(log.count(range)).as("count of %s", range).isEqualTo(expected.size());
    }

    private void readBackward() {
      TimeRange range = range();
      List<Entry<Long>> expected = expected(range);
      Collections.reverse(expected);
      List<Entry<Long>> actual = new ArrayList<>();
      try (TimelogCursor<Long> cursor = log.cursorBackward(range)) {
        while (cursor.advance()) {
          actual.add(new Entry<>(cursor.timestamp(), cursor.value()));
        }
      }
      assertThat(actual).isEqualTo(expected);
    }

    private void readPoints() {
      long timestamp = timestamp();
      assertThat(log.at(timestamp)).isEqualTo(model.getOrDefault(timestamp, List.of()));
      assertThat(log.nextTimestamp(timestamp)).isEqualTo(optional(model.higherKey(timestamp)));
      assertThat(log.previousTimestamp(timestamp)).isEqualTo(optional(model.lowerKey(timestamp)));
      assertThat(log.minTimestamp()).isEqualTo(optional(model.ceilingKey(Long.MIN_VALUE)));
      assertThat(log.maxTimestamp()).isEqualTo(optional(model.floorKey(Long.MAX_VALUE)));
    }

    private static OptionalLong optional(Long timestamp) {
      return timestamp == null ? OptionalLong.empty() : OptionalLong.of(timestamp);
    }

    /** Spans of segments that overlap interleave, so only the sorted whole is compared. */
    private void readSpans() {
      TimeRange range = range();
      log.flush();
      List<Entry<Long>> actual = new ArrayList<>();
      long start = Long.MIN_VALUE;
      try (PageSpans<Long> spans = log.pageSpans(range)) {
        while (spans.hasNext()) {
          try (PageSpan<Long> span = spans.next()) {
            assertThat(span.startTimestamp()).isGreaterThanOrEqualTo(start);
            start = span.startTimestamp();
            addAll(span, actual);
          }
        }
      }
      actual.sort(
          Comparator.<Entry<Long>>comparingLong(Entry::timestamp).thenComparing(Entry::value));
      assertThat(actual).isEqualTo(expected(range));
    }

    private static void addAll(PageSpan<Long> span, List<Entry<Long>> entries) {
      long[] timestamps = span.copyTimestamps();
      assertThat(timestamps).isSorted().hasSize(span.size());
      for (int i = 0; i < timestamps.length; i++) {
        entries.add(new Entry<>(timestamps[i], span.values().get(i)));
      }
    }

    private void takeSnapshot() {
      snapshots.addLast(new Snapshot(log.iterator(), expected(TimeRange.all())));
      if (snapshots.size() > 4) {
        check(snapshots.removeFirst());
      }
    }

    private static void check(Snapshot snapshot) {
      try (EntryIterator<Entry<Long>> actual = snapshot.actual()) {
        assertThat(actual.nextBatch(Integer.MAX_VALUE)).isEqualTo(snapshot.expected());
      }
    }

    void finish(Map<Long, Integer> reports) {
      snapshots.forEach(Run::check);
      readForward();
      log.stopMaintenance();
      log.flush();
      log.compact();
      while (log.retiredQueueLength() > 0) {
        log.flush();
      }
      assertThat(reports.values()).as("how often an entry was reported").allMatch(n -> n == 1);
      assertThat(reports).as("reports of deleted entries").hasSize((int) deleted);
      model.values().forEach(values -> assertThat(values).noneMatch(reports::containsKey));
      assertThat(log.count(TimeRange.all())).isEqualTo(expected(TimeRange.all()).size());
    }
  }
}
