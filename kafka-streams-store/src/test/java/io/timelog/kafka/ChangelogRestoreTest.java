package io.timelog.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.apache.kafka.test.TestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application on a real broker finds its windows again after a restart. */
@Timeout(180)
final class ChangelogRestoreTest {
  private static final int RECORDS = 1_000;
  private static final int KEYS = 10;
  private static final Duration WINDOW = Duration.ofHours(1);
  private static final Duration GRACE = Duration.ofDays(1);
  private static final long TIMEOUT_MILLIS = 60_000;

  private static KafkaClusterTestKit cluster;

  @TempDir Path stateDirectory;

  @BeforeAll
  static void startBroker() throws Exception {
    cluster =
        new KafkaClusterTestKit.Builder(
                new TestKitNodes.Builder()
                    .setCombined(true)
                    .setNumBrokerNodes(1)
                    .setNumControllerNodes(1)
                    .build())
            .setConfigProp("offsets.topic.replication.factor", "1")
            .setConfigProp("offsets.topic.num.partitions", "1")
            .setConfigProp("transaction.state.log.replication.factor", "1")
            .setConfigProp("transaction.state.log.min.isr", "1")
            .setConfigProp("transaction.state.log.num.partitions", "1")
            .setConfigProp("group.initial.rebalance.delay.ms", "0")
            .build();
    cluster.format();
    cluster.startup();
    cluster.waitForReadyBrokers();
  }

  @AfterAll
  static void stopBroker() throws Exception {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {StreamsConfig.AT_LEAST_ONCE, StreamsConfig.EXACTLY_ONCE_V2})
  void restartAfterACleanStop_bringsBackEveryWindow_andRestoresNothing(String guarantee)
      throws Exception {
    String application = "restart-" + guarantee;
    try (Admin admin = cluster.admin()) {
      admin.createTopics(List.of(new NewTopic(application + "-in", 1, (short) 1))).all().get();
      Map<String, Long> expected = new TreeMap<>();

      try (KafkaStreams first = start(application, guarantee, new AtomicLong())) {
        feed(application, 0, expected);
        awaitCommitted(admin, application, RECORDS);
        assertThat(stored(first)).isEqualTo(expected);
      }

      AtomicLong restored = new AtomicLong();
      try (KafkaStreams second = start(application, guarantee, restored)) {
        feed(application, RECORDS, expected);
        awaitCommitted(admin, application, 2 * RECORDS);
        assertThat(stored(second)).isEqualTo(expected);
      }
      assertThat(restored).hasValue(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {StreamsConfig.AT_LEAST_ONCE, StreamsConfig.EXACTLY_ONCE_V2})
  void restartWithoutTheStateDirectory_bringsBackEveryWindow(String guarantee) throws Exception {
    String application = "cleaned-" + guarantee;
    try (Admin admin = cluster.admin()) {
      admin.createTopics(List.of(new NewTopic(application + "-in", 1, (short) 1))).all().get();
      Map<String, Long> expected = new TreeMap<>();
      try (KafkaStreams first = start(application, guarantee, new AtomicLong())) {
        feed(application, 0, expected);
        awaitCommitted(admin, application, RECORDS);
        assertThat(stored(first)).isEqualTo(expected);
      }

      KafkaStreams second = new KafkaStreams(topology(application), config(application, guarantee));
      second.cleanUp();
      assertThat(stateDirectory.resolve(application).resolve("0_0")).doesNotExist();
      AtomicLong restored = new AtomicLong();
      try (second) {
        start(second, restored);
        assertThat(stored(second)).isEqualTo(expected);
      }
      assertThat(restored).hasPositiveValue();
    }
  }

  /** A mistake of an operator: what belongs to one task is put in the place of another. */
  @Test
  void directoriesThatAreMixedUp_areRefused_andRestoredWhenTheyAreDeleted() throws Exception {
    String application = "mixed-up";
    String guarantee = StreamsConfig.AT_LEAST_ONCE;
    try (Admin admin = cluster.admin()) {
      admin.createTopics(List.of(new NewTopic(application + "-in", 2, (short) 1))).all().get();
      Map<String, Long> expected = new TreeMap<>();
      try (KafkaStreams first = start(application, guarantee, new AtomicLong())) {
        feed(application, 0, 0, expected);
        // Behind all windows of the other partition, so that each window is in one task.
        feed(application, 1, 1_080, expected);
        awaitCommitted(admin, application, 0, RECORDS);
        awaitCommitted(admin, application, 1, RECORDS);
        assertThat(stored(first)).isEqualTo(expected);
      }

      Path one = storeOf(application, "0_0");
      Path other = storeOf(application, "0_1");
      Path between = stateDirectory.resolve("between");
      Files.move(one, between);
      Files.move(other, one);
      Files.move(between, other);
      KafkaStreams mixed = new KafkaStreams(topology(application), config(application, guarantee));
      assertThatThrownBy(mixed::start)
          .hasStackTraceContaining("The directory is that of another store")
          .hasStackTraceContaining("found=[application=" + application);
      assertThat(mixed.close(Duration.ofMillis(TIMEOUT_MILLIS))).isTrue();

      Utils.delete(one.toFile());
      Utils.delete(other.toFile());
      AtomicLong restored = new AtomicLong();
      try (KafkaStreams second = start(application, guarantee, restored)) {
        assertThat(stored(second)).isEqualTo(expected);
      }
      assertThat(restored).hasValueGreaterThanOrEqualTo(2 * KEYS);
    }
  }

  @Test
  void stateDirectoryOfAnInstanceThatRuns_isNotGivenToAnother() throws Exception {
    String application = "shared";
    String guarantee = StreamsConfig.AT_LEAST_ONCE;
    try (Admin admin = cluster.admin()) {
      admin.createTopics(List.of(new NewTopic(application + "-in", 1, (short) 1))).all().get();
      Map<String, Long> expected = new TreeMap<>();
      try (KafkaStreams first = start(application, guarantee, new AtomicLong())) {
        feed(application, 0, expected);
        awaitCommitted(admin, application, RECORDS);
        assertThatThrownBy(
                () -> new KafkaStreams(topology(application), config(application, guarantee)))
            .hasStackTraceContaining("running in the same state directory");
        feed(application, RECORDS, expected);
        awaitCommitted(admin, application, 2 * RECORDS);
        assertThat(stored(first)).isEqualTo(expected);
      }
    }
  }

  private Path storeOf(String application, String task) {
    return stateDirectory.resolve(application).resolve(task).resolve("timelog").resolve("counts");
  }

  @ParameterizedTest
  @ValueSource(strings = {StreamsConfig.AT_LEAST_ONCE, StreamsConfig.EXACTLY_ONCE_V2})
  void storeOfRocksDbInTheSameTask_isKeptBesideOurs(String guarantee) throws Exception {
    String application = "beside-" + guarantee;
    StreamsBuilder builder = new StreamsBuilder();
    KGroupedStream<String, String> grouped =
        builder.stream(application + "-in", Consumed.with(Serdes.String(), Serdes.String()))
            .groupByKey();
    count(grouped);
    grouped.count(
        Materialized.<String, Long>as(Stores.persistentKeyValueStore("totals"))
            .withKeySerde(Serdes.String())
            .withValueSerde(Serdes.Long()));
    Topology topology = builder.build();
    try (Admin admin = cluster.admin()) {
      admin.createTopics(List.of(new NewTopic(application + "-in", 1, (short) 1))).all().get();
      Map<String, Long> expected = new TreeMap<>();
      Properties config = config(application, guarantee);
      try (KafkaStreams first = start(topology, config, new AtomicLong())) {
        feed(application, 0, expected);
        awaitCommitted(admin, application, RECORDS);
        assertThat(stored(first)).isEqualTo(expected);
      }
      assertThat(stateDirectory.resolve(application).resolve("0_0"))
          .isDirectoryContaining("glob:**/timelog")
          .isDirectoryContaining("glob:**/rocksdb");

      AtomicLong restored = new AtomicLong();
      try (KafkaStreams second = start(topology, config, restored)) {
        assertThat(stored(second)).isEqualTo(expected);
        ReadOnlyKeyValueStore<String, ValueAndTimestamp<Long>> totals =
            second.store(
                StoreQueryParameters.fromNameAndType(
                    "totals", QueryableStoreTypes.timestampedKeyValueStore()));
        assertThat(totals.get("key0").value()).isEqualTo(RECORDS / KEYS);
      }
      assertThat(restored).hasValue(0);
    }
  }

  /**
   * With {@code upgrade.from}, Kafka Streams writes the offsets of all tasks into checkpoint files
   * when it stops, and when it starts it has the stores that it opened take them over.
   */
  @ParameterizedTest
  @ValueSource(strings = {StreamsConfig.AT_LEAST_ONCE, StreamsConfig.EXACTLY_ONCE_V2})
  void checkpointOfAnOlderVersion_doesNotKeepAStoreFromItsChangelog(String guarantee)
      throws Exception {
    String application = "upgrade-" + guarantee;
    Properties config = config(application, guarantee);
    config.put(StreamsConfig.UPGRADE_FROM_CONFIG, "4.2");
    try (Admin admin = cluster.admin()) {
      admin.createTopics(List.of(new NewTopic(application + "-in", 1, (short) 1))).all().get();
      Map<String, Long> expected = new TreeMap<>();
      try (KafkaStreams first = start(topology(application), config, new AtomicLong())) {
        feed(application, 0, expected);
        awaitCommitted(admin, application, RECORDS);
        assertThat(stored(first)).isEqualTo(expected);
      }
      assertThat(stateDirectory).isDirectoryRecursivelyContaining("glob:**/.checkpoint");

      try (KafkaStreams second = start(topology(application), config, new AtomicLong())) {
        assertThat(stored(second)).isEqualTo(expected);
      }
    }
  }

  @Test
  void checkpointOfAnOlderVersion_doesNotKeepAGlobalTableFromItsTopic() throws Exception {
    String application = "upgrade-global";
    Topology topology = globalTable(application, TimelogStores.timestampedKeyValueStore("table"));
    Properties config = config(application, StreamsConfig.AT_LEAST_ONCE);
    config.put(StreamsConfig.UPGRADE_FROM_CONFIG, "4.2");
    try (Admin admin = cluster.admin()) {
      admin.createTopics(List.of(new NewTopic(application + "-in", 2, (short) 1))).all().get();
      feed(application, 0, new TreeMap<>());

      for (String run : List.of("the first", "with the checkpoint of the first", "and so on")) {
        try (KafkaStreams streams = start(topology, config, new AtomicLong())) {
          assertThat(entriesOfTable(streams)).as(run).isEqualTo(KEYS);
        }
        assertThat(stateDirectory).isDirectoryRecursivelyContaining("glob:**/global/.checkpoint");
      }
    }
  }

  /** An offset that stands for an unknown one would be where it begins to read. */
  @ParameterizedTest
  @ValueSource(strings = {StreamsConfig.AT_LEAST_ONCE, StreamsConfig.EXACTLY_ONCE_V2})
  void globalTableOfAnotherFormat_isReadFromTheBeginning(String guarantee) throws Exception {
    String application = "format-" + guarantee;
    Properties config = config(application, guarantee);
    try (Admin admin = cluster.admin()) {
      admin.createTopics(List.of(new NewTopic(application + "-in", 2, (short) 1))).all().get();
      feed(application, 0, new TreeMap<>());

      for (KeyValueBytesStoreSupplier format :
          List.of(
              TimelogStores.timestampedKeyValueStore("table"),
              TimelogStores.keyValueStore("table"))) {
        try (KafkaStreams streams =
            start(globalTable(application, format), config, new AtomicLong())) {
          assertThat(entriesOfTable(streams)).isEqualTo(KEYS);
        }
      }
    }
  }

  private static Topology globalTable(String application, KeyValueBytesStoreSupplier supplier) {
    StreamsBuilder builder = new StreamsBuilder();
    builder.globalTable(
        application + "-in",
        Consumed.with(Serdes.String(), Serdes.String()),
        Materialized.<String, String>as(supplier));
    return builder.build();
  }

  private static long entriesOfTable(KafkaStreams streams) {
    ReadOnlyKeyValueStore<String, ValueAndTimestamp<String>> table =
        streams.store(
            StoreQueryParameters.fromNameAndType(
                "table", QueryableStoreTypes.timestampedKeyValueStore()));
    return table.approximateNumEntries();
  }

  private KafkaStreams start(String application, String guarantee, AtomicLong restored)
      throws InterruptedException {
    return start(topology(application), config(application, guarantee), restored);
  }

  private Properties config(String application, String guarantee) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "100");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // The second application is the same member of the group, so nobody waits for the first.
    config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "only");
    return config;
  }

  private static KafkaStreams start(Topology topology, Properties config, AtomicLong restored)
      throws InterruptedException {
    KafkaStreams streams = new KafkaStreams(topology, config);
    start(streams, restored);
    return streams;
  }

  private static void start(KafkaStreams streams, AtomicLong restored) throws InterruptedException {
    streams.setGlobalStateRestoreListener(new CountingListener(restored));
    streams.start();
    TestUtils.waitForCondition(
        () -> streams.state() == KafkaStreams.State.RUNNING,
        TIMEOUT_MILLIS,
        () -> "The application did not start: state=" + streams.state());
  }

  private static Topology topology(String application) {
    StreamsBuilder builder = new StreamsBuilder();
    count(
        builder.stream(application + "-in", Consumed.with(Serdes.String(), Serdes.String()))
            .groupByKey());
    return builder.build();
  }

  private static void count(KGroupedStream<String, String> grouped) {
    grouped
        .windowedBy(TimeWindows.ofSizeAndGrace(WINDOW, GRACE))
        .count(
            Materialized.<String, Long>as(
                    TimelogStores.timestampedWindowStore("counts", GRACE.plus(WINDOW), WINDOW))
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.Long()));
  }

  /** Sends records, none of them late, and counts them in {@code expected} as the store should. */
  private static void feed(String application, int from, Map<String, Long> expected)
      throws Exception {
    feed(application, 0, from, expected);
  }

  private static void feed(String application, int partition, int from, Map<String, Long> expected)
      throws Exception {
    List<Future<?>> sent = new ArrayList<>();
    // Not long ago, because the broker deletes by age, and not ahead, because it refuses that.
    Instant start = Instant.now().minus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS);
    try (Producer<String, String> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      for (int i = from; i < from + RECORDS; i++) {
        String key = "key" + i % KEYS;
        long timestamp = start.plusSeconds(30L * i).toEpochMilli();
        sent.add(
            producer.send(
                new ProducerRecord<>(application + "-in", partition, timestamp, key, "value")));
        long window = timestamp - timestamp % WINDOW.toMillis();
        expected.merge(key + "@" + window, 1L, Long::sum);
      }
    }
    for (Future<?> record : sent) {
      record.get();
    }
  }

  private static void awaitCommitted(Admin admin, String application, int records)
      throws InterruptedException {
    awaitCommitted(admin, application, 0, records);
  }

  private static void awaitCommitted(Admin admin, String application, int partition, int records)
      throws InterruptedException {
    TestUtils.waitForCondition(
        () -> {
          OffsetAndMetadata committed =
              admin
                  .listConsumerGroupOffsets(application)
                  .partitionsToOffsetAndMetadata()
                  .get()
                  .get(new TopicPartition(application + "-in", partition));
          return committed != null && committed.offset() >= records;
        },
        TIMEOUT_MILLIS,
        "The application did not commit all records.");
  }

  private static Map<String, Long> stored(KafkaStreams streams) {
    Map<String, Long> stored = new TreeMap<>();
    try (var all =
        streams
            .store(
                StoreQueryParameters.fromNameAndType(
                    "counts", QueryableStoreTypes.<String, Long>timestampedWindowStore()))
            .all()) {
      all.forEachRemaining(
          entry ->
              stored.put(entry.key.key() + "@" + entry.key.window().start(), entry.value.value()));
    }
    return stored;
  }

  private record CountingListener(AtomicLong restored) implements StateRestoreListener {
    @Override
    public void onRestoreStart(TopicPartition partition, String store, long start, long end) {}

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long end, long records) {}

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long totalRestored) {
      restored.addAndGet(totalRestored);
    }
  }
}
