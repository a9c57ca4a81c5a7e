package io.timelog.integration.kafka;

import io.timelog.integration.fixture.Broker;
import io.timelog.integration.fixture.Topics;
import java.nio.file.Path;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the one line in the configuration, all operators give what they give on RocksDB. */
abstract class DslContract {
  private static final int RECORDS = 800;

  private final Broker broker;

  @TempDir Path stateDirectory;

  DslContract(Broker broker) {
    this.broker = broker;
  }

  @ParameterizedTest
  @ValueSource(strings = {StreamsConfig.AT_LEAST_ONCE, StreamsConfig.EXACTLY_ONCE_V2})
  void operators_giveRecordByRecordWhatTheyGiveOnRocksDb(String guarantee) throws Exception {
    try (Topics topics = new Topics(broker)) {
      String name = "dsl-" + guarantee;
      topics.create(name + "-in", 1);
      topics.send(Numbers.some(RECORDS).records(name + "-in"));

      Results expected = run(topics, settings(name + "-rocksdb", Engine.ROCKSDB, guarantee));
      Results actual = run(topics, settings(name + "-timelog", Engine.TIMELOG, guarantee));

      actual.areExactly(expected);
    }
  }

  @Test
  void operators_withTransactionalStores_giveRecordByRecordWhatTheyGiveWithout() throws Exception {
    try (Topics topics = new Topics(broker)) {
      String guarantee = StreamsConfig.EXACTLY_ONCE_V2;
      topics.create("transactional-in", 1);
      topics.send(Numbers.some(RECORDS).records("transactional-in"));

      Results expected = run(topics, settings("transactional-rocksdb", Engine.ROCKSDB, guarantee));
      Results actual =
          run(
              topics,
              settings("transactional-timelog", Engine.TIMELOG, guarantee)
                  .withTransactionalStores());

      actual.areExactly(expected);
    }
  }

  @Test
  void operators_behindACache_giveAtLastWhatTheyGiveOnRocksDb() throws Exception {
    try (Topics topics = new Topics(broker)) {
      String guarantee = StreamsConfig.EXACTLY_ONCE_V2;
      topics.create("cached-in", 1);
      // What a cache holds back decides which of the late records are too late.
      topics.send(Numbers.inTime(RECORDS, 1).records("cached-in"));

      Results expected =
          run(
              topics,
              settings("cached-rocksdb", Engine.ROCKSDB, guarantee).withCacheBytes(1 << 20));
      Results actual =
          run(
              topics,
              settings("cached-timelog", Engine.TIMELOG, guarantee).withCacheBytes(1 << 20));

      actual.areAtLeast(expected);
    }
  }

  private Settings settings(String application, Engine engine, String guarantee) {
    return Settings.of(broker, application, stateDirectory, engine, guarantee);
  }

  private static Results run(Topics topics, Settings settings) throws Exception {
    topics.create(settings.output(), 1);
    try (Application application = Application.start(settings, Operator.topology(settings))) {
      application.awaitConsumed(topics);
    }
    return Results.of(topics, settings);
  }
}
