package io.timelog.kafka.internal.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.TimeRange;
import io.timelog.kafka.TimelogStores;
import io.timelog.kafka.eventlog.EventLogAggregateQuery;
import io.timelog.kafka.eventlog.EventLogCursor;
import io.timelog.kafka.eventlog.EventLogStore;
import io.timelog.kafka.eventlog.EventLogStoreBuilder;
import io.timelog.summary.LongSummary;
import io.timelog.summary.Summarizer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An event-log store aggregates ranges from summaries as a scan of them would. */
final class EventLogSummariesTest {
  private static final Summarizer<String, LongSummary> LENGTHS =
      LongSummary.of(value -> value.length());
  private static final Summarizer<String, LongSummary> NUMBERS = LongSummary.of(Long::parseLong);

  private static EventLogStoreBuilder<String, String> eventLog() {
    return EventLogFixture.eventLog().withSummary(NUMBERS).withSummary(LENGTHS);
  }

  /** By a scan. */
  private static LongSummary expected(
      EventLogStore<String, String> store, String key, TimeRange range) {
    LongSummary summary = NUMBERS.none();
    try (EventLogCursor<String, String> entries = store.cursor(key, range)) {
      while (entries.advance()) {
        summary = NUMBERS.add(summary, entries.timestamp(), entries.value());
      }
    }
    return summary;
  }

  private static void append(EventLogStore<String, String> store, int first, int last) {
    for (int i = first; i < last; i++) {
      store.append("a", i, Integer.toString(i));
    }
  }

  @Test
  void aggregates_areOfOneKeyAndOneRange() {
    try (EventLogFixture fixture = new EventLogFixture(eventLog())) {
      append(fixture.store, 0, 1_000);
      fixture.store.append("b", 5, "77");

      LongSummary numbers = fixture.store.aggregate("a", TimeRange.of(10, 20), NUMBERS);
      assertThat(numbers.count()).isEqualTo(10);
      assertThat(numbers.sum()).isEqualTo(145);
      assertThat(numbers.min()).hasValue(10);
      assertThat(numbers.max()).hasValue(19);
      assertThat(fixture.store.aggregate("a", TimeRange.all(), LENGTHS).sum()).isEqualTo(2_890);
      assertThat(fixture.store.aggregate("c", TimeRange.all(), NUMBERS)).isEqualTo(NUMBERS.none());
    }
  }

  @Test
  void entries_areReadOnceAndSummariesFromThenOn() {
    AtomicLong read = new AtomicLong();
    Deserializer<String> strings = new StringDeserializer();
    Serde<String> counted =
        Serdes.serdeFrom(
            new StringSerializer(),
            (topic, bytes) -> {
              read.incrementAndGet();
              return strings.deserialize(topic, bytes);
            });
    EventLogStoreBuilder<String, String> builder =
        TimelogStores.eventLogStore(EventLogFixture.NAME, Serdes.String(), counted)
            .withSummary(NUMBERS);
    try (EventLogFixture fixture = new EventLogFixture(builder)) {
      append(fixture.store, 0, 20_000);
      fixture.store.aggregate("a", TimeRange.all(), NUMBERS);
      append(fixture.store, 20_000, 20_001);
      read.set(0);

      LongSummary half = fixture.store.aggregate("a", TimeRange.of(5_000, 15_000), NUMBERS);

      assertThat(half.count()).isEqualTo(10_000);
      assertThat(read).hasValueLessThan(500);
    }
  }

  @Test
  void whatHasExpired_isNotCounted() {
    try (EventLogFixture fixture =
        new EventLogFixture(eventLog().withRetention(Duration.ofSeconds(1)))) {
      EventLogStore<String, String> store = fixture.store;
      for (int i = 0; i < 5_000; i += 7) {
        append(store, i, i + 7);
        TimeRange range = TimeRange.all();
        assertThat(store.aggregate("a", range, NUMBERS)).isEqualTo(expected(store, "a", range));
      }
      assertThat(store.aggregate("a", TimeRange.all(), NUMBERS).count()).isEqualTo(1_000);
    }
  }

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 4) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aggregates_areThoseOfAScan_afterWhateverWasWrittenAndAfterARestore(long seed) {
    Random random = new Random(seed);
    try (EventLogFixture fixture = new EventLogFixture(eventLog());
        EventLogFixture standby = new EventLogFixture(eventLog())) {
      int restored = 0;
      for (int i = 0; i < 20_000; i++) {
        write(fixture.store, random, i);
        if (random.nextInt(50) == 0) {
          check(fixture.store, random, i);
        }
        if (random.nextInt(1_000) == 0) {
          List<ConsumerRecord<byte[], byte[]>> changelog = fixture.changelog();
          standby.restore(changelog.subList(restored, changelog.size()));
          restored = changelog.size();
          TimeRange all = TimeRange.all();
          assertThat(standby.store.aggregate("a", all, NUMBERS))
              .isEqualTo(fixture.store.aggregate("a", all, NUMBERS));
          check(standby.store, random, i);
        }
      }
    }
  }

  private static void write(EventLogStore<String, String> store, Random random, long now) {
    String key = random.nextInt(3) == 0 ? "b" : "a";
    switch (random.nextInt(400)) {
      case 0 -> store.deleteBefore(now - random.nextInt(15_000));
      case 1 -> store.deleteRange(range(random, now, 200));
      case 2 -> store.deleteRange(key, range(random, now, 2_000));
      case 3, 4, 5, 6, 7, 8, 9 -> store.append(key, now - random.nextInt(10_000), "-" + now);
      default -> store.append(key, now - random.nextInt(3), Long.toString(now));
    }
  }

  private static TimeRange range(Random random, long now, int length) {
    long start = now - random.nextInt(12_000);
    return TimeRange.of(start, start + random.nextInt(length));
  }

  private static void check(EventLogStore<String, String> store, Random random, long now) {
    String key = random.nextBoolean() ? "a" : "b";
    TimeRange range = random.nextInt(4) == 0 ? TimeRange.all() : range(random, now, 12_000);
    assertThat(store.aggregate(key, range, NUMBERS)).isEqualTo(expected(store, key, range));
  }

  @Test
  void query_isAnswered() {
    try (EventLogFixture fixture = new EventLogFixture(eventLog())) {
      append(fixture.store, 0, 1_000);

      assertThat(ask(fixture).getResult().count()).isEqualTo(1_000);
    }
  }

  private static QueryResult<LongSummary> ask(EventLogFixture fixture) {
    return fixture.store.query(
        EventLogAggregateQuery.of("a", TimeRange.all(), NUMBERS),
        PositionBound.unbounded(),
        new QueryConfig(false));
  }

  @Test
  void allPartitions_areAggregatedTogether() {
    try (EventLogFixture one = new EventLogFixture(eventLog());
        EventLogFixture other = new EventLogFixture(eventLog())) {
      append(one.store, 0, 300);
      other.store.append("b", 5, "77");
      AllPartitions<String, String> all =
          new AllPartitions<>(() -> List.of(one.store, other.store));

      assertThat(all.aggregate("a", TimeRange.all(), NUMBERS).count()).isEqualTo(300);
      assertThat(all.aggregate("b", TimeRange.all(), NUMBERS).sum()).isEqualTo(77);
    }
  }

  @Test
  void summarizerThatTheStoreWasNotBuiltWith_isRefused() {
    try (EventLogFixture fixture = new EventLogFixture(EventLogFixture.eventLog())) {
      assertThatThrownBy(() -> fixture.store.aggregate("a", TimeRange.all(), NUMBERS))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "The store keeps no summaries for this summarizer; its builder has to be given it by"
                  + " withSummary: summarizer="
                  + NUMBERS
                  + ", store=events, task=0_0");
      assertThat(ask(fixture).getFailureReason()).isEqualTo(FailureReason.STORE_EXCEPTION);
    }
  }

  @Test
  void summarizerThatIsGivenTwice_isRefused() {
    assertThatThrownBy(() -> eventLog().withSummary(NUMBERS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The store keeps this summary already: summarizer=" + NUMBERS + ", store=events");
  }

  @Test
  void closedStore_saysSo() {
    EventLogFixture fixture = new EventLogFixture(eventLog());
    append(fixture.store, 0, 10);
    fixture.close();

    assertThatThrownBy(() -> fixture.store.aggregate("a", TimeRange.all(), NUMBERS))
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessageContaining("store=events, task=0_0");
  }
}
