package io.timelog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.VersionedBytesStoreSupplier;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Topologies whose state is tables and the shared store of joins give the same records, one by one,
 * whether that state is in Timelog by the one line of configuration or in Kafka's own stores.
 */
final class TablesAndJoinsTest {
  private static final int RECORDS = 4_000;
  private static final Duration HISTORY = Duration.ofMinutes(2);

  @TempDir Path stateDirectory;

  /** A topology from the topics left and right to the topic out. */
  private record Case(String name, Consumer<Input> topology) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Input(
      StreamsBuilder builder,
      KStream<String, String> left,
      KStream<String, String> right,
      VersionedBytesStoreSupplier versions) {
    KTable<String, String> leftTable() {
      return left.toTable(Materialized.as("left-table"));
    }

    KTable<String, String> rightTable() {
      return right.toTable(Materialized.as("right-table"));
    }

    void send(KStream<String, String> results) {
      results.to("out", Produced.with(Serdes.String(), Serdes.String()));
    }
  }

  private static final JoinWindows WINDOWS =
      JoinWindows.ofTimeDifferenceAndGrace(Duration.ofSeconds(5), Duration.ofSeconds(3));
  private static final StreamJoined<String, String, String> JOINED =
      StreamJoined.with(Serdes.String(), Serdes.String(), Serdes.String());

  private static String both(String left, String right) {
    return left + "+" + right;
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "left join of streams",
            in ->
                in.send(in.left().leftJoin(in.right(), TablesAndJoinsTest::both, WINDOWS, JOINED))),
        new Case(
            "outer join of streams",
            in ->
                in.send(
                    in.left().outerJoin(in.right(), TablesAndJoinsTest::both, WINDOWS, JOINED))),
        new Case(
            "reduce",
            in ->
                in.send(in.left().groupByKey().reduce(TablesAndJoinsTest::lastOfBoth).toStream())),
        new Case(
            "count",
            in -> in.send(in.left().groupByKey().count().toStream().mapValues(String::valueOf))),
        new Case(
            "outer join of tables",
            in ->
                in.send(
                    in.leftTable()
                        .outerJoin(in.rightTable(), TablesAndJoinsTest::both)
                        .toStream())),
        new Case(
            "foreign-key join",
            in ->
                in.send(
                    in.leftTable()
                        .leftJoin(
                            in.rightTable(),
                            value ->
                                value == null ? null : "key" + Math.floorMod(value.hashCode(), 8),
                            TablesAndJoinsTest::both)
                        .toStream())),
        new Case(
            "join of a stream and a table",
            in -> in.send(in.left().leftJoin(in.rightTable(), TablesAndJoinsTest::both))),
        new Case(
            "join of a stream and a versioned table",
            in ->
                in.send(
                    in.left()
                        .leftJoin(
                            in.right().toTable(Materialized.as(in.versions())),
                            TablesAndJoinsTest::both))),
        new Case(
            "aggregate of a versioned table",
            in ->
                in.send(
                    in.right()
                        .toTable(Materialized.as(in.versions()))
                        .groupBy((key, value) -> KeyValue.pair("all", value))
                        .count()
                        .toStream()
                        .mapValues(String::valueOf))));
  }

  private static String lastOfBoth(String before, String now) {
    return now + "<" + before.substring(0, Math.min(before.length(), 12));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void timelog_givesTheRecordsThatKafkasStoresGive(Case topology) {
    List<String> expected =
        run(topology, BuiltInDslStoreSuppliers.ROCKS_DB, kafkasVersions(), "DEFAULT");
    assertThat(expected).hasSizeGreaterThan(RECORDS / 4);
    assertThat(run(topology, new TimelogDslStoreSuppliers(), ourVersions(), "DEFAULT"))
        .isEqualTo(expected);
    assertThat(run(topology, new TimelogDslStoreSuppliers(), ourVersions(), "HEADERS"))
        .isEqualTo(expected);
  }

  private static VersionedBytesStoreSupplier kafkasVersions() {
    return Stores.persistentVersionedKeyValueStore("versions", HISTORY);
  }

  private static VersionedBytesStoreSupplier ourVersions() {
    return TimelogStores.versionedKeyValueStore("versions", HISTORY);
  }

  private List<String> run(
      Case topology,
      DslStoreSuppliers stores,
      VersionedBytesStoreSupplier versions,
      String format) {
    StreamsBuilder builder = new StreamsBuilder();
    Consumed<String, String> strings = Consumed.with(Serdes.String(), Serdes.String());
    topology
        .topology()
        .accept(
            new Input(
                builder,
                builder.stream("left", strings),
                builder.stream("right", strings),
                versions));
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "tables-and-joins");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    config.put(StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG, stores.getClass());
    config.put(StreamsConfig.DSL_STORE_FORMAT_CONFIG, format);
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    try (TopologyTestDriver driver =
        new TopologyTestDriver(builder.build(config), config, Instant.EPOCH)) {
      TestInputTopic<String, String> left = topic(driver, "left");
      TestInputTopic<String, String> right = topic(driver, "right");
      TestOutputTopic<String, String> out =
          driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer());
      List<String> results = new ArrayList<>();
      Random random = new Random(4);
      long now = 10_000;
      for (int i = 0; i < RECORDS; i++) {
        now += random.nextInt(400);
        long late = random.nextInt(5) == 0 ? random.nextInt(8_000) : 0;
        String value = random.nextInt(12) == 0 ? null : "v" + i;
        (random.nextBoolean() ? left : right)
            .pipeInput("key" + random.nextInt(8), value, Math.max(0, now - late));
        if (i % 10 == 0) {
          driver.advanceWallClockTime(Duration.ofSeconds(1));
        }
        for (TestRecord<String, String> result : out.readRecordsToList()) {
          results.add(result.key() + "=" + result.value() + "@" + result.timestamp());
        }
      }
      return results;
    }
  }

  private static TestInputTopic<String, String> topic(TopologyTestDriver driver, String name) {
    return driver.createInputTopic(name, new StringSerializer(), new StringSerializer());
  }
}
