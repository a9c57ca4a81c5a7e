package io.timelog.integration.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.kafka.TimelogStores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ReadOnlyRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.TimestampedKeyWithHeadersQuery;
import org.apache.kafka.streams.query.TimestampedRangeWithHeadersQuery;
import org.apache.kafka.streams.query.TimestampedWindowKeyWithHeadersQuery;
import org.apache.kafka.streams.query.TimestampedWindowRangeWithHeadersQuery;
import org.apache.kafka.streams.state.AggregationWithHeaders;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.ReadOnlyRecordIterator;
import org.apache.kafka.streams.state.SessionBytesStoreSupplier;
import org.apache.kafka.streams.state.SessionStoreWithHeaders;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.state.TimestampedWindowStoreWithHeaders;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The queries that Kafka Streams 4.4 brought, which answer with records that have their headers, on
 * each kind and format of store: the same answers as from RocksDB.
 */
@Timeout(120)
final class HeadersQueriesIT {
  private static final String TABLE = "table";
  private static final String WINDOWS = "windows";
  private static final String SESSIONS = "sessions";
  private static final Duration SIZE = Duration.ofMillis(10);
  private static final Duration RETENTION = Duration.ofHours(1);

  @TempDir private Path directory;

  /** What the bytes of an entry are; those without headers stand behind adapters of Kafka's. */
  private enum Format {
    HEADERS,
    TIMESTAMPED,
    PLAIN
  }

  private record Setup(Format format, boolean cached, boolean transactional) {}

  private static Stream<Setup> setups() {
    return Stream.of(Format.values())
        .flatMap(
            format ->
                Stream.of(
                    new Setup(format, false, false),
                    new Setup(format, true, false),
                    new Setup(format, false, true),
                    new Setup(format, true, true)));
  }

  /*
   * All is committed when it is asked for, so transactions change nothing. They do in RocksDB of
   * Kafka Streams 4.4.0, where a range without a lower bound, read with what is not committed, loses
   * its upper bound: so the expected answers are those without transactions.
   */
  @ParameterizedTest
  @MethodSource("setups")
  void answers_areThoseOfRocksDb(Setup setup) {
    assertThat(answers(Engine.TIMELOG, setup))
        .isEqualTo(answers(Engine.ROCKSDB, new Setup(setup.format(), setup.cached(), false)));
  }

  @Test
  void rangeWithoutALowerBound_ofATransactionalStore_endsWhereItShould_andNotOnRocksDb() {
    Setup transactional = new Setup(Format.HEADERS, false, true);

    assertThat(answers(Engine.TIMELOG, transactional))
        .filteredOn(answer -> answer.startsWith("table, to b"))
        .containsOnly("table, to b: a@41=six[from=here] b@20=two[from=here]");
    assertThat(answers(Engine.ROCKSDB, transactional))
        .filteredOn(answer -> answer.startsWith("table, to b"))
        .anyMatch(answer -> answer.contains("d@25=four"));
  }

  @Test
  void recordsOfATable_haveKeyValueTimestampAndHeaders() {
    assertThat(answers(Engine.TIMELOG, new Setup(Format.HEADERS, false, false)))
        .contains(
            "table, key b: b@20=two[from=here]",
            "table, key x: null",
            "table, range b to c: b@20=two[from=here] c@35=five[from=here]",
            "windows, key a: a/10@11=one[from=here] a/40@41=six[from=here]",
            "sessions, key a: a/11@11=one[from=here] a/41@41=six[from=here]");
  }

  private List<String> answers(Engine engine, Setup setup) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "headers-queries");
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve(engine.name()).toString());
    config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, setup.transactional());
    try (TopologyTestDriver driver =
        new TopologyTestDriver(topology(engine, setup), config, Instant.EPOCH)) {
      TestInputTopic<String, String> input =
          driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
      put(input, "a", "one", 11);
      put(input, "b", "two", 20);
      put(input, "c", "three", 30);
      put(input, "d", "four", 25);
      put(input, "c", "five", 35);
      put(input, "a", "six", 41);
      List<String> answers = new ArrayList<>();
      for (IsolationLevel level : IsolationLevel.values()) {
        ask(driver, level, answers);
      }
      return answers;
    }
  }

  private static void put(
      TestInputTopic<String, String> input, String key, String value, long timestamp) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("from", "here".getBytes(UTF_8));
    input.pipeInput(new TestRecord<>(key, value, headers, Instant.ofEpochMilli(timestamp)));
  }

  private static void ask(TopologyTestDriver driver, IsolationLevel level, List<String> answers) {
    Map<String, StateStore> stores = driver.getAllStateStores();
    StateStore table = stores.get(TABLE);
    StateStore windows = stores.get(WINDOWS);
    StateStore sessions = stores.get(SESSIONS);
    Instant from = Instant.ofEpochMilli(0);
    Instant to = Instant.ofEpochMilli(30);
    Instant end = Instant.ofEpochMilli(1_000);
    one(answers, "table, key b", table, level, key("b"));
    one(answers, "table, key b past the cache", table, level, key("b").skipCache());
    one(answers, "table, key x", table, level, key("x"));
    all(answers, "table, range b to c", table, level, range("b", "c"));
    all(answers, "table, range b to c down", table, level, range("b", "c").withDescendingKeys());
    all(answers, "table, to b", table, level, TimestampedRangeWithHeadersQuery.withUpperBound("b"));
    all(answers, "table, all", table, level, TimestampedRangeWithHeadersQuery.withNoBounds());
    all(answers, "table, window query", table, level, windowKey("a", from, end));
    all(answers, "windows, key a", windows, level, windowKey("a", from, end));
    all(answers, "windows, key a to 30", windows, level, windowKey("a", from, to));
    all(answers, "windows, key x", windows, level, windowKey("x", from, end));
    all(answers, "windows, all", windows, level, windowRange(from, end));
    all(answers, "windows, to 30", windows, level, windowRange(from, to));
    all(answers, "windows, by key alone", windows, level, ofKey("a"));
    one(answers, "windows, table query", windows, level, key("a"));
    all(answers, "sessions, key a", sessions, level, ofKey("a"));
    all(answers, "sessions, key x", sessions, level, ofKey("x"));
    all(answers, "sessions, by time", sessions, level, windowRange(from, end));
  }

  private static TimestampedKeyWithHeadersQuery<String, String> key(String key) {
    return TimestampedKeyWithHeadersQuery.withKey(key);
  }

  private static TimestampedRangeWithHeadersQuery<String, String> range(String from, String to) {
    return TimestampedRangeWithHeadersQuery.withRange(from, to);
  }

  private static TimestampedWindowKeyWithHeadersQuery<String, String> windowKey(
      String key, Instant from, Instant to) {
    return TimestampedWindowKeyWithHeadersQuery.withKeyAndWindowStartRange(key, from, to);
  }

  private static TimestampedWindowRangeWithHeadersQuery<String, String> windowRange(
      Instant from, Instant to) {
    return TimestampedWindowRangeWithHeadersQuery.withWindowStartRange(from, to);
  }

  private static TimestampedWindowRangeWithHeadersQuery<String, String> ofKey(String key) {
    return TimestampedWindowRangeWithHeadersQuery.withKey(key);
  }

  private static void one(
      List<String> answers,
      String what,
      StateStore store,
      IsolationLevel level,
      Query<ReadOnlyRecord<String, String>> query) {
    QueryResult<ReadOnlyRecord<String, String>> result =
        store.query(query, PositionBound.unbounded(), new QueryConfig(false, level));
    if (failed(answers, what, result)) {
      return;
    }
    ReadOnlyRecord<String, String> record = result.getResult();
    answers.add(what + ": " + (record == null ? null : text(record)));
  }

  private static <K> void all(
      List<String> answers,
      String what,
      StateStore store,
      IsolationLevel level,
      Query<ReadOnlyRecordIterator<K, String>> query) {
    QueryResult<ReadOnlyRecordIterator<K, String>> result =
        store.query(query, PositionBound.unbounded(), new QueryConfig(false, level));
    if (failed(answers, what, result)) {
      return;
    }
    List<String> records = new ArrayList<>();
    try (ReadOnlyRecordIterator<K, String> iterator = result.getResult()) {
      iterator.forEachRemaining(record -> records.add(text(record)));
    } catch (StreamsException e) {
      // Plain values have no timestamp, and Kafka makes no record of them.
      records.add(e.getMessage());
    }
    answers.add(what + ": " + String.join(" ", records));
  }

  private static boolean failed(List<String> answers, String what, QueryResult<?> result) {
    if (result.isFailure()) {
      answers.add(what + ": " + result.getFailureReason());
      return true;
    }
    assertThat(result.getPosition().getPartitionPositions("in")).as(what).containsEntry(0, 5L);
    return false;
  }

  private static String text(ReadOnlyRecord<?, String> record) {
    StringBuilder headers = new StringBuilder();
    for (Header header : record.headers()) {
      headers.append(header.key()).append('=').append(new String(header.value(), UTF_8));
    }
    String key =
        record.key() instanceof Windowed<?> windowed
            ? windowed.key() + "/" + windowed.window().start()
            : String.valueOf(record.key());
    return key + "@" + record.timestamp() + "=" + record.value() + "[" + headers + "]";
  }

  private static Topology topology(Engine engine, Setup setup) {
    return new Topology()
        .addSource("source", new StringDeserializer(), new StringDeserializer(), "in")
        .addProcessor("keeper", Keeper::new, "source")
        .addStateStore(
            set(
                setup,
                Stores.timestampedKeyValueStoreWithHeadersBuilder(
                    table(engine, setup.format()), Serdes.String(), Serdes.String())),
            "keeper")
        .addStateStore(
            set(
                setup,
                Stores.timestampedWindowStoreWithHeadersBuilder(
                    windows(engine, setup.format()), Serdes.String(), Serdes.String())),
            "keeper")
        .addStateStore(
            set(
                setup,
                Stores.sessionStoreWithHeadersBuilder(
                    sessions(engine, setup.format()), Serdes.String(), Serdes.String())),
            "keeper");
  }

  private static <S extends StateStore> StoreBuilder<S> set(Setup setup, StoreBuilder<S> builder) {
    return setup.cached() ? builder.withCachingEnabled() : builder.withCachingDisabled();
  }

  private static KeyValueBytesStoreSupplier table(Engine engine, Format format) {
    boolean timelog = engine == Engine.TIMELOG;
    return switch (format) {
      case HEADERS ->
          timelog
              ? TimelogStores.keyValueStoreWithHeaders(TABLE)
              : Stores.persistentTimestampedKeyValueStoreWithHeaders(TABLE);
      case TIMESTAMPED ->
          timelog
              ? TimelogStores.timestampedKeyValueStore(TABLE)
              : Stores.persistentTimestampedKeyValueStore(TABLE);
      case PLAIN ->
          timelog ? TimelogStores.keyValueStore(TABLE) : Stores.persistentKeyValueStore(TABLE);
    };
  }

  private static WindowBytesStoreSupplier windows(Engine engine, Format format) {
    boolean timelog = engine == Engine.TIMELOG;
    return switch (format) {
      case HEADERS ->
          timelog
              ? TimelogStores.windowStoreWithHeaders(WINDOWS, RETENTION, SIZE)
              : Stores.persistentTimestampedWindowStoreWithHeaders(WINDOWS, RETENTION, SIZE, false);
      case TIMESTAMPED ->
          timelog
              ? TimelogStores.timestampedWindowStore(WINDOWS, RETENTION, SIZE)
              : Stores.persistentTimestampedWindowStore(WINDOWS, RETENTION, SIZE, false);
      case PLAIN ->
          timelog
              ? TimelogStores.windowStore(WINDOWS, RETENTION, SIZE)
              : Stores.persistentWindowStore(WINDOWS, RETENTION, SIZE, false);
    };
  }

  private static SessionBytesStoreSupplier sessions(Engine engine, Format format) {
    boolean timelog = engine == Engine.TIMELOG;
    if (format == Format.HEADERS) {
      return timelog
          ? TimelogStores.sessionStoreWithHeaders(SESSIONS, RETENTION)
          : Stores.persistentSessionStoreWithHeaders(SESSIONS, RETENTION);
    }
    return timelog
        ? TimelogStores.sessionStore(SESSIONS, RETENTION)
        : Stores.persistentSessionStore(SESSIONS, RETENTION);
  }

  /** Keeps every record in each of the stores. */
  private static final class Keeper extends ContextualProcessor<String, String, Void, Void> {
    @Override
    public void process(Record<String, String> record) {
      ValueTimestampHeaders<String> value =
          ValueTimestampHeaders.make(record.value(), record.timestamp(), record.headers());
      TimestampedKeyValueStoreWithHeaders<String, String> table = context().getStateStore(TABLE);
      table.put(record.key(), value);
      TimestampedWindowStoreWithHeaders<String, String> windows = context().getStateStore(WINDOWS);
      windows.put(record.key(), value, record.timestamp() / SIZE.toMillis() * SIZE.toMillis());
      SessionStoreWithHeaders<String, String> sessions = context().getStateStore(SESSIONS);
      sessions.put(
          new Windowed<>(record.key(), new SessionWindow(record.timestamp(), record.timestamp())),
          AggregationWithHeaders.make(record.value(), record.headers()));
    }
  }
}
