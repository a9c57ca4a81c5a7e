package io.timelog.integration.kafka;

import static org.apache.kafka.common.IsolationLevel.READ_COMMITTED;
import static org.apache.kafka.common.IsolationLevel.READ_UNCOMMITTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.integration.fixture.EmbeddedBroker;
import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Interactive queries at both isolation levels of an application under exactly-once that commits
 * only when it is told to; the same on both engines.
 */
@Timeout(600)
final class CommittedQueriesIT {
  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private static final String STORE = "latest";
  private static final String KEY = "key";
  private static final String COMMIT = "commit";
  private static final int SELDOM_MILLIS = 600_000;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Engine.class)
  void whatIsNotCommitted_isSeenByThoseWhoAskForIt(Engine engine) throws Exception {
    Settings settings =
        Settings.of(
            BROKER,
            "levels-" + engine.name().toLowerCase(Locale.ROOT),
            directory,
            engine,
            StreamsConfig.EXACTLY_ONCE_V2);
    try (Topics topics = new Topics(BROKER)) {
      String input = settings.application() + "-in";
      topics.create(input, 1);
      try (KafkaStreams streams = new KafkaStreams(topology(input, engine), config(settings))) {
        streams.start();
        Eventually.holds(
            "it runs", () -> streams.state() == KafkaStreams.State.RUNNING, streams::state);
        topics.send(numbers(input, 1, 100));
        awaitLatest(streams, READ_UNCOMMITTED, "100");

        QueryResult<String> committed = ask(streams, READ_COMMITTED);
        assertThat(committed.getResult()).isNull();
        assertThat(committed.getPosition().getPartitionPositions(input)).isEmpty();
        assertThat(ofVersion1(streams)).isNull();

        topics.send(List.of(new ProducerRecord<>(input, KEY, COMMIT)));
        awaitLatest(streams, READ_COMMITTED, "100");
        assertThat(ofVersion1(streams)).isEqualTo("100");
        long position =
            ask(streams, READ_COMMITTED).getPosition().getPartitionPositions(input).get(0);
        assertThat(position).isGreaterThanOrEqualTo(99);

        topics.send(numbers(input, 101, 150));
        awaitLatest(streams, READ_UNCOMMITTED, "150");
        assertThat(ask(streams, READ_COMMITTED).getResult()).isEqualTo("100");
        assertThat(ask(streams, READ_COMMITTED).getPosition().getPartitionPositions(input).get(0))
            .isEqualTo(position);
      }
    }
  }

  private static List<ProducerRecord<String, String>> numbers(String topic, int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(number -> new ProducerRecord<>(topic, KEY, Integer.toString(number)))
        .toList();
  }

  private static Properties config(Settings settings) {
    Properties config = settings.config();
    config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
    config.put(StreamsConfig.DEFAULT_INTERACTIVE_QUERY_ISOLATION_LEVEL_CONFIG, "READ_COMMITTED");
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, SELDOM_MILLIS);
    config.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 900_000);
    return config;
  }

  private static Topology topology(String input, Engine engine) {
    return new Topology()
        .addSource("source", new StringDeserializer(), new StringDeserializer(), input)
        .addProcessor("keeper", Keeper::new, "source")
        .addStateStore(
            Stores.timestampedKeyValueStoreBuilder(
                    engine.table(STORE), Serdes.String(), Serdes.String())
                .withCachingDisabled(),
            "keeper");
  }

  /** Keeps the latest value of each key, and commits when it is told to. */
  private static final class Keeper extends ContextualProcessor<String, String, Void, Void> {
    @Override
    public void process(Record<String, String> record) {
      if (record.value().equals(COMMIT)) {
        context().commit();
        return;
      }
      KeyValueStore<String, ValueAndTimestamp<String>> latest = context().getStateStore(STORE);
      latest.put(record.key(), ValueAndTimestamp.make(record.value(), record.timestamp()));
    }
  }

  private static QueryResult<String> ask(KafkaStreams streams, IsolationLevel level) {
    return streams
        .query(
            StateQueryRequest.inStore(STORE)
                .withQuery(KeyQuery.<String, String>withKey(KEY))
                .withIsolationLevel(level))
        .getPartitionResults()
        .get(0);
  }

  private static @Nullable String ofVersion1(KafkaStreams streams) {
    ValueAndTimestamp<String> latest =
        streams
            .store(
                StoreQueryParameters.fromNameAndType(
                    STORE, QueryableStoreTypes.<String, String>timestampedKeyValueStore()))
            .get(KEY);
    return latest == null ? null : latest.value();
  }

  private static void awaitLatest(KafkaStreams streams, IsolationLevel level, String value)
      throws Exception {
    Eventually.holds(
        level + " sees " + value,
        () -> {
          QueryResult<String> result = ask(streams, level);
          return result != null
              && result.isSuccess()
              && result.getResult() != null
              && result.getResult().equals(value);
        },
        () -> ask(streams, level));
  }
}
