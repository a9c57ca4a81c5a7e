package io.timelog.kafka.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.TimeRange;
import io.timelog.kafka.TimelogStores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.test.TestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application with an event-log store on a real broker. */
@Timeout(240)
final class EventLogApplicationTest {
  private static final int RECORDS = 1_000;
  private static final Duration RETENTION = Duration.ofDays(2);
  private static final long TIMEOUT_MILLIS = 60_000;

  /** Asks the processor to delete all that lies before the timestamp of the record. */
  private static final String DELETE = "delete";

  private static KafkaClusterTestKit cluster;

  // Not long ago, because the broker deletes by age, and not ahead, because it refuses that.
  private final long start = Instant.now().minus(Duration.ofHours(1)).toEpochMilli();

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
  void restart_bringsBackEveryEntry_andNoneThatWasDeleted(String guarantee) throws Exception {
    String application = "event-log-" + guarantee;
    createInput(application, 1);

    try (KafkaStreams streams = start(application, guarantee, "only", Map.of())) {
      feed(application, 1, 0, RECORDS);
      feed(application, 1, RECORDS / 2, DELETE);
      awaitContents(streams, RECORDS / 2, RECORDS);
    }

    try (KafkaStreams streams = start(application, guarantee, "only", Map.of())) {
      awaitContents(streams, RECORDS / 2, RECORDS);
      feed(application, 1, RECORDS, 2 * RECORDS);
      awaitContents(streams, RECORDS / 2, 2 * RECORDS);
    }
  }

  @Test
  void changelogTopic_isDeletedFromByAge() throws Exception {
    String application = "event-log-topic";
    createInput(application, 1);
    try (Admin admin = cluster.admin();
        KafkaStreams streams = start(application, StreamsConfig.AT_LEAST_ONCE, "only", Map.of())) {
      feed(application, 1, 0, 10);
      awaitContents(streams, 0, 10);

      ConfigResource topic =
          new ConfigResource(ConfigResource.Type.TOPIC, application + "-events-changelog");
      Config config = admin.describeConfigs(List.of(topic)).all().get().get(topic);

      assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
      assertThat(config.get("retention.ms").value())
          .isEqualTo("" + RETENTION.plusDays(1).toMillis());
    }
  }

  @Test
  void standby_hasWhatTheActiveTaskHas_andTakesOver() throws Exception {
    String application = "event-log-standby";
    createInput(application, 2);
    Map<String, Object> standbys = Map.of(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1);
    KafkaStreams first = start(application, StreamsConfig.AT_LEAST_ONCE, "first", standbys);
    try (KafkaStreams second =
        start(application, StreamsConfig.AT_LEAST_ONCE, "second", standbys)) {
      feed(application, 2, 0, RECORDS);
      feed(application, 2, RECORDS / 2, DELETE);
      // With stale stores, each application has all partitions, as active task or as standby.
      awaitStaleContents(first, RECORDS / 2, RECORDS);
      awaitStaleContents(second, RECORDS / 2, RECORDS);

      first.close(
          CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
              .withTimeout(Duration.ofMinutes(1)));

      awaitContents(second, RECORDS / 2, RECORDS);
      feed(application, 2, RECORDS, RECORDS + 10);
      awaitContents(second, RECORDS / 2, RECORDS + 10);
    } finally {
      first.close();
    }
  }

  @Test
  void queriesOfBothVersions_answerWhileTheApplicationRuns() throws Exception {
    String application = "event-log-queries";
    createInput(application, 2);
    try (KafkaStreams streams = start(application, StreamsConfig.AT_LEAST_ONCE, "only", Map.of())) {
      feed(application, 2, 0, RECORDS);
      awaitContents(streams, 0, RECORDS);

      ReadOnlyEventLogStore<String, String> store = store(streams);
      assertThat(store.count("key3", TimeRange.all())).isEqualTo(RECORDS / 10);
      assertThat(store.count(TimeRange.of(start, start + 10_000))).isEqualTo(10);
      assertThat(store.minTimestamp()).hasValue(start);

      long counted = 0;
      for (QueryResult<Long> partition :
          streams
              .query(
                  StateQueryRequest.inStore("events")
                      .withQuery(EventLogCountQuery.ofAllKeys(TimeRange.all())))
              .getPartitionResults()
              .values()) {
        counted += partition.getResult();
      }
      assertThat(counted).isEqualTo(RECORDS);
    }
  }

  private static final class Keeper extends ContextualProcessor<String, String, Void, Void> {
    @Override
    public void process(Record<String, String> record) {
      EventLogStore<String, String> events = context().getStateStore("events");
      if (record.value().equals(DELETE)) {
        events.deleteBefore(record.timestamp());
      } else {
        events.append(record.key(), record.timestamp(), record.value());
      }
    }
  }

  private KafkaStreams start(
      String application, String guarantee, String member, Map<String, Object> more)
      throws InterruptedException {
    Topology topology =
        new Topology()
            .addSource(
                "source", new StringDeserializer(), new StringDeserializer(), application + "-in")
            .addProcessor("keeper", Keeper::new, "source")
            .addStateStore(
                TimelogStores.eventLogStore("events", Serdes.String(), Serdes.String())
                    .withRetention(RETENTION),
                "keeper");
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "100");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.resolve(member).toString());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // An application that starts again is the same member of the group, so nobody waits.
    config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member);
    config.putAll(more);
    KafkaStreams streams = new KafkaStreams(topology, config);
    streams.start();
    TestUtils.waitForCondition(
        () -> streams.state() == KafkaStreams.State.RUNNING,
        TIMEOUT_MILLIS,
        () -> "The application did not start: state=" + streams.state());
    return streams;
  }

  private static void createInput(String application, int partitions) throws Exception {
    try (Admin admin = cluster.admin()) {
      admin
          .createTopics(List.of(new NewTopic(application + "-in", partitions, (short) 1)))
          .all()
          .get();
    }
  }

  /** Sends the records of these numbers, one for each second, to the partition of their key. */
  private void feed(String application, int partitions, int from, int to) throws Exception {
    List<ProducerRecord<String, String>> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(
          new ProducerRecord<>(
              application + "-in",
              i % 10 % partitions,
              start + 1_000L * i,
              "key" + i % 10,
              "value" + i));
    }
    send(records);
  }

  /** Tells every partition to do something at the time of a record. */
  private void feed(String application, int partitions, int number, String what) throws Exception {
    List<ProducerRecord<String, String>> records = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      records.add(
          new ProducerRecord<>(
              application + "-in", partition, start + 1_000L * number, "any", what));
    }
    send(records);
  }

  private static void send(List<ProducerRecord<String, String>> records) throws Exception {
    List<Future<?>> sent = new ArrayList<>();
    try (Producer<String, String> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      records.forEach(record -> sent.add(producer.send(record)));
    }
    for (Future<?> record : sent) {
      record.get();
    }
  }

  private static ReadOnlyEventLogStore<String, String> store(KafkaStreams streams) {
    return streams.store(
        StoreQueryParameters.fromNameAndType(
            "events", TimelogStores.<String, String>eventLogStoreType()));
  }

  /** Waits until the application has the records of these numbers and no others. */
  private void awaitContents(KafkaStreams streams, int from, int to) throws InterruptedException {
    await(
        StoreQueryParameters.fromNameAndType(
            "events", TimelogStores.<String, String>eventLogStoreType()),
        streams,
        records(from, to));
  }

  /** As {@link #awaitContents}, in whatever state its tasks are. */
  private void awaitStaleContents(KafkaStreams streams, int from, int to)
      throws InterruptedException {
    await(
        StoreQueryParameters.fromNameAndType(
                "events", TimelogStores.<String, String>eventLogStoreType())
            .enableStaleStores(),
        streams,
        records(from, to));
  }

  private List<String> records(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> start + 1_000L * i + " value" + i).toList();
  }

  private static void await(
      StoreQueryParameters<ReadOnlyEventLogStore<String, String>> parameters,
      KafkaStreams streams,
      List<String> expected)
      throws InterruptedException {
    List<String> contents = new ArrayList<>();
    TestUtils.waitForCondition(
        () -> {
          contents.clear();
          try (EventLogIterator<String, String> all =
              streams.store(parameters).scanAll(TimeRange.all())) {
            all.forEachRemaining(entry -> contents.add(entry.timestamp() + " " + entry.value()));
          } catch (InvalidStateStoreException rebalancing) {
            return false;
          }
          return contents.equals(expected);
        },
        TIMEOUT_MILLIS,
        () -> "The store did not come to hold " + expected + " but " + contents);
  }
}
