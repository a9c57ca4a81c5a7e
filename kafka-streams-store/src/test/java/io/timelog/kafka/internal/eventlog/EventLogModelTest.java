package io.timelog.kafka.internal.eventlog;

import static io.timelog.kafka.internal.eventlog.EventLogFixture.entries;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.TimeRange;
import io.timelog.kafka.eventlog.EventLogCursor;
import io.timelog.kafka.eventlog.EventLogStore;
import io.timelog.kafka.eventlog.EventLogStoreBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations on a store and on a sorted map; and at any point a second store that is
 * restored from the changelog so far, in batches of any size, equals the first. Rerun one case with
 * {@code -Dseed=<seed>}.
 */
final class EventLogModelTest {
  private static final int OPERATIONS = 2_000;
  private static final int SPAN = 400;
  private static final Duration RETENTION = Duration.ofMillis(300);

  /** An entry by its place in the order of {@code scanAll}. */
  private record Place(long timestamp, String key, int arrival) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byTime = Long.compare(timestamp, other.timestamp);
      int byKey = byTime != 0 ? byTime : key.compareTo(other.key);
      return byKey != 0 ? byKey : Integer.compare(arrival, other.arrival);
    }
  }

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 8) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void store_equalsASortedMap_andSoDoesItsRestore(long seed) {
    new Run(seed, EventLogFixture.eventLog(), Long.MAX_VALUE).run();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void storeWithARetention_equalsASortedMap_andSoDoesItsRestore(long seed) {
    new Run(seed, EventLogFixture.eventLog().withRetention(RETENTION), RETENTION.toMillis()).run();
  }

  private static final class Run {
    private final Random random;
    private final EventLogStoreBuilder<String, String> builder;
    private final long retention;
    private final TreeMap<Place, String> model = new TreeMap<>();
    private long now = 0;
    private long streamTime = Long.MIN_VALUE;

    Run(long seed, EventLogStoreBuilder<String, String> builder, long retention) {
      this.random = new Random(seed);
      this.builder = builder;
      this.retention = retention;
    }

    void run() {
      try (EventLogFixture fixture = new EventLogFixture(builder);
          EventLogFixture standby = new EventLogFixture(builder)) {
        int restored = 0;
        for (int i = 0; i < OPERATIONS; i++) {
          operate(fixture.store, i);
          if (random.nextInt(40) == 0) {
            check(fixture.store);
            restored = restore(standby, fixture.changelog(), restored);
            check(standby.store);
          }
          if (random.nextInt(400) == 0) {
            try (EventLogFixture restart = new EventLogFixture(builder)) {
              restore(restart, fixture.changelog(), 0);
              check(restart.store);
            }
          }
        }
      }
    }

    private void operate(EventLogStore<String, String> store, int number) {
      now += random.nextInt(4);
      switch (random.nextInt(40)) {
        case 0 -> {
          long cutoff = time();
          store.deleteBefore(cutoff);
          remove(place -> place.timestamp() < cutoff);
        }
        case 1 -> {
          TimeRange range = range(50);
          store.deleteRange(range);
          remove(place -> range.contains(place.timestamp()));
        }
        case 2 -> {
          TimeRange range = range(200);
          String key = key();
          store.deleteRange(key, range);
          remove(place -> place.key().equals(key) && range.contains(place.timestamp()));
        }
        default -> append(store, number);
      }
    }

    private void append(EventLogStore<String, String> store, int number) {
      String key = key();
      long timestamp = random.nextInt(10) == 0 ? time() : now;
      boolean live =
          retention == Long.MAX_VALUE
              || streamTime == Long.MIN_VALUE
              || timestamp > streamTime - retention;
      assertThat(store.append(key, timestamp, "value" + number)).isEqualTo(live);
      if (live) {
        model.put(new Place(timestamp, key, number), "value" + number);
        streamTime = Math.max(streamTime, timestamp);
        if (retention != Long.MAX_VALUE) {
          remove(place -> place.timestamp() <= streamTime - retention);
        }
      }
    }

    private void remove(Predicate<Place> which) {
      model.keySet().removeIf(which);
    }

    private String key() {
      return "k".repeat(1 + random.nextInt(3)) + random.nextInt(3);
    }

    private long time() {
      return now + 10 - random.nextInt(SPAN);
    }

    private TimeRange range(int length) {
      long start = time();
      return TimeRange.of(start, start + random.nextInt(length));
    }

    private int restore(
        EventLogFixture into, List<ConsumerRecord<byte[], byte[]>> changelog, int from) {
      int at = from;
      while (at < changelog.size()) {
        int to = Math.min(changelog.size(), at + 1 + random.nextInt(300));
        into.restore(changelog.subList(at, to));
        at = to;
      }
      return at;
    }

    private void check(EventLogStore<String, String> store) {
      TimeRange range = random.nextInt(4) == 0 ? TimeRange.all() : range(SPAN);
      List<String> all = expected(place -> range.contains(place.timestamp()));
      assertThat(entries(store.scanAll(range))).isEqualTo(all);
      assertThat(entries(store.scanAllBackward(range))).isEqualTo(reversed(all));
      assertThat(store.count(range)).isEqualTo(all.size());
      assertThat(entries(store.cursorAll(range))).isEqualTo(all);
      assertThat(entries(store.cursorAllBackward(range))).isEqualTo(reversed(all));
      assertThat(timestamps(store.cursorAll(range))).isEqualTo(timestampsOf(all));
      String key = key();
      List<String> ofKey =
          expected(place -> place.key().equals(key) && range.contains(place.timestamp()));
      assertThat(entries(store.scan(key, range))).isEqualTo(ofKey);
      assertThat(entries(store.scanBackward(key, range))).isEqualTo(reversed(ofKey));
      assertThat(store.count(key, range)).isEqualTo(ofKey.size());
      assertThat(entries(store.cursor(key, range))).isEqualTo(ofKey);
      assertThat(entries(store.cursorBackward(key, range))).isEqualTo(reversed(ofKey));
      assertThat(timestamps(store.cursor(key, range))).isEqualTo(timestampsOf(ofKey));
      if (model.isEmpty()) {
        assertThat(store.minTimestamp()).isEmpty();
        assertThat(store.maxTimestamp()).isEmpty();
      } else {
        assertThat(store.minTimestamp()).hasValue(model.firstKey().timestamp());
        assertThat(store.maxTimestamp()).hasValue(model.lastKey().timestamp());
      }
    }

    /** In pieces of any size. */
    private List<Long> timestamps(EventLogCursor<String, String> cursor) {
      List<Long> timestamps = new ArrayList<>();
      long[] piece = new long[1 + random.nextInt(100)];
      try (cursor) {
        int read;
        do {
          read = cursor.readTimestamps(piece);
          LongStream.of(piece).limit(read).forEach(timestamps::add);
        } while (read == piece.length);
      }
      return timestamps;
    }

    private static List<Long> timestampsOf(List<String> entries) {
      return entries.stream()
          .map(entry -> Long.valueOf(entry.substring(0, entry.indexOf(' '))))
          .toList();
    }

    private List<String> expected(Predicate<Place> which) {
      List<String> expected = new ArrayList<>();
      model.forEach(
          (place, value) -> {
            if (which.test(place)) {
              expected.add(place.timestamp() + " " + place.key() + "=" + value);
            }
          });
      return expected;
    }

    private static List<String> reversed(List<String> list) {
      List<String> reversed = new ArrayList<>(list);
      Collections.reverse(reversed);
      return reversed;
    }
  }
}
