package io.timelog.integration.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.integration.fixture.Broker;
import io.timelog.integration.fixture.Topics;
import io.timelog.kafka.TimelogStores;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.MultiVersionedKeyQuery;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.query.VersionedKeyQuery;
import org.apache.kafka.streams.query.WindowKeyQuery;
import org.apache.kafka.streams.query.WindowRangeQuery;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.SessionBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.apache.kafka.streams.state.VersionedRecord;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Interactive queries of both versions: while the application writes, they see a past that only
 * grows; and at last they answer what the same store in RocksDB answers.
 */
abstract class QueriesContract {
  private static final int RECORDS = 1_500;
  private static final Duration WINDOW = Duration.ofMinutes(4);
  private static final Duration GRACE = Duration.ofHours(6);
  private static final Duration RETENTION = WINDOW.plus(GRACE);
  private static final Duration GAP = Duration.ofSeconds(20);
  private static final String KEY = "key3";

  private final Broker broker;

  @TempDir Path directory;

  QueriesContract(Broker broker) {
    this.broker = broker;
  }

  @Test
  void queries_whileWriting_seeWhatOnlyGrows_andAtLastWhatRocksDbHas() throws Exception {
    try (Topics topics = new Topics(broker)) {
      Settings settings =
          Settings.of(
              broker, "queries-timelog", directory, Engine.TIMELOG, StreamsConfig.AT_LEAST_ONCE);
      topics.create(settings.input(), 1);
      List<ProducerRecord<String, String>> input = Numbers.some(RECORDS).records(settings.input());
      Instant first = Instant.ofEpochMilli(input.get(0).timestamp());
      Instant last = first.plus(Duration.ofHours(6));

      try (Application application = Application.start(settings, topology(settings))) {
        KafkaStreams streams = application.streams();
        Answers timelog = new Answers(streams, Engine.TIMELOG, first, last);
        CompletableFuture<Void> writing =
            CompletableFuture.runAsync(() -> sendInPieces(topics, input));
        Seen seen = new Seen(0, 0, 0);
        int looks = 0;
        while (!writing.isDone() || !topics.isConsumed(settings.application(), settings.input())) {
          Seen now = timelog.seen();
          assertThat(now.counted()).isBetween(seen.counted(), (long) RECORDS);
          assertThat(now.countedOfKey()).isBetween(seen.countedOfKey(), (long) RECORDS);
          assertThat(now.newest()).isBetween(seen.newest(), (long) RECORDS);
          assertThat(timelog.all()).isNotEmpty();
          seen = now;
          looks++;
        }
        writing.get();
        assertThat(looks).isPositive();
        application.awaitConsumed(topics);

        assertThat(timelog.seen().counted()).isEqualTo(RECORDS);
        Answers rocksDb = new Answers(streams, Engine.ROCKSDB, first, last);
        Map<String, List<String>> expected = rocksDb.all();
        assertThat(expected.values()).allMatch(answer -> !answer.isEmpty());
        assertThat(timelog.all()).isEqualTo(expected);
      }
    }
  }

  private static void sendInPieces(Topics topics, List<ProducerRecord<String, String>> input) {
    int piece = RECORDS / 15;
    try {
      for (int from = 0; from < RECORDS; from += piece) {
        topics.send(input.subList(from, from + piece));
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every kind of store on both engines, filled by the same stream. */
  private static Topology topology(Settings settings) {
    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, String> numbers = builder.stream(settings.input());
    for (Engine engine : Engine.values()) {
      KGroupedStream<String, String> grouped = numbers.groupByKey();
      grouped
          .windowedBy(TimeWindows.ofSizeAndGrace(WINDOW, GRACE))
          .count(Materialized.<String, Long>as(windows(engine)).withValueSerde(Serdes.Long()));
      grouped
          .windowedBy(SessionWindows.ofInactivityGapAndGrace(GAP, GRACE))
          .count(Materialized.<String, Long>as(sessions(engine)).withValueSerde(Serdes.Long()));
      grouped.reduce(
          (a, b) -> Integer.parseInt(a) > Integer.parseInt(b) ? a : b,
          Materialized.as(table(engine)));
      numbers.toTable(Materialized.as(engine.versions("versions-" + engine, GRACE)));
    }
    return builder.build(settings.config());
  }

  private static WindowBytesStoreSupplier windows(Engine engine) {
    String name = "windows-" + engine;
    return engine == Engine.TIMELOG
        ? TimelogStores.timestampedWindowStore(name, RETENTION, WINDOW)
        : Stores.persistentTimestampedWindowStore(name, RETENTION, WINDOW, false);
  }

  private static SessionBytesStoreSupplier sessions(Engine engine) {
    String name = "sessions-" + engine;
    return engine == Engine.TIMELOG
        ? TimelogStores.sessionStore(name, GAP.plus(GRACE))
        : Stores.persistentSessionStore(name, GAP.plus(GRACE));
  }

  private static KeyValueBytesStoreSupplier table(Engine engine) {
    String name = "table-" + engine;
    return engine == Engine.TIMELOG
        ? TimelogStores.timestampedKeyValueStore(name)
        : Stores.persistentTimestampedKeyValueStore(name);
  }

  /**
   * What must not shrink.
   *
   * @param counted the sum of all windows, by version 1
   * @param countedOfKey the sum of the windows of one key, by version 2
   * @param newest the greatest number of one key, by version 2; 0 if there is none
   */
  private record Seen(long counted, long countedOfKey, long newest) {}

  /** The answers of the stores on one engine. */
  private record Answers(KafkaStreams streams, Engine engine, Instant first, Instant last) {
    Seen seen() {
      long counted = 0;
      try (var all = store("windows-", QueryableStoreTypes.<String, Long>windowStore()).all()) {
        while (all.hasNext()) {
          counted += all.next().value;
        }
      }
      long countedOfKey = 0;
      // Unlike those of version 1, answers of version 2 have the timestamps.
      try (var windows =
          ask(
              "windows-",
              WindowKeyQuery.<String, ValueAndTimestamp<Long>>withKeyAndWindowStartRange(
                  KEY, first, last))) {
        while (windows.hasNext()) {
          countedOfKey += windows.next().value.value();
        }
      }
      String newest = ask("table-", KeyQuery.<String, String>withKey(KEY));
      return new Seen(counted, countedOfKey, newest == null ? 0 : Long.parseLong(newest));
    }

    Map<String, List<String>> all() {
      Map<String, List<String>> answers = new TreeMap<>();
      Instant middle = first.plus(Duration.ofMinutes(30));
      var windows = store("windows-", QueryableStoreTypes.<String, Long>windowStore());
      answers.put("windows of a key", list(windows.fetch(KEY, first, last)));
      answers.put("windows of a key, backward", list(windows.backwardFetch(KEY, first, middle)));
      answers.put("windows of a range of keys", sorted(windows.fetch("key1", KEY, first, middle)));
      answers.put("windows of all keys", sorted(windows.fetchAll(first, middle)));
      answers.put("all windows", sorted(windows.all()));
      answers.put(
          "windows of a key, version 2",
          list(ask("windows-", WindowKeyQuery.withKeyAndWindowStartRange(KEY, first, middle))));
      answers.put(
          "windows of all keys, version 2",
          sorted(ask("windows-", WindowRangeQuery.withWindowStartRange(first, middle))));
      var sessions = store("sessions-", QueryableStoreTypes.<String, Long>sessionStore());
      answers.put("sessions of a key", list(sessions.fetch(KEY)));
      answers.put("sessions of a range of keys", sorted(sessions.fetch("key1", KEY)));
      answers.put(
          "sessions of a time",
          list(sessions.findSessions(KEY, first.toEpochMilli(), middle.toEpochMilli())));
      answers.put(
          "sessions of a key, version 2", list(ask("sessions-", WindowRangeQuery.withKey(KEY))));
      var table = store("table-", QueryableStoreTypes.<String, String>keyValueStore());
      answers.put("keys", list(table.all()));
      answers.put("range of keys", list(table.range("key1", KEY)));
      answers.put("range of keys, backward", list(table.reverseRange("key1", KEY)));
      answers.put(
          "range of keys, version 2",
          list(ask("table-", RangeQuery.<String, String>withRange("key1", KEY))));
      answers.put(
          "versions of a key",
          list(
              ask(
                  "versions-",
                  MultiVersionedKeyQuery.<String, String>withKey(KEY)
                      .fromTime(first)
                      .toTime(last)
                      .withAscendingTimestamps())));
      VersionedRecord<String> then =
          ask("versions-", VersionedKeyQuery.<String, String>withKey(KEY).asOf(middle));
      answers.put("key as it was", List.of("" + then));
      return answers;
    }

    private <T> T store(String name, QueryableStoreType<T> type) {
      return streams.store(StoreQueryParameters.fromNameAndType(name + engine, type));
    }

    private <R> R ask(String name, Query<R> query) {
      var result =
          streams
              .query(StateQueryRequest.inStore(name + engine).withQuery(query))
              .getOnlyPartitionResult();
      return result == null ? null : result.getResult();
    }

    private static <I extends Iterator<?> & Closeable> List<String> list(I iterator) {
      List<String> list = new ArrayList<>();
      try (iterator) {
        iterator.forEachRemaining(entry -> list.add("" + entry));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return list;
    }

    /** Where the order is not promised. */
    private static <I extends Iterator<?> & Closeable> List<String> sorted(I iterator) {
      return list(iterator).stream().sorted().toList();
    }
  }
}
