package io.timelog.integration.kafka;

import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A broker whose process is killed under two running applications, one on Timelog and one on
 * RocksDB, and that comes back. Too slow for every build: it runs with {@code -Pbroker-crash}.
 */
@Tag("broker-crash")
@Timeout(900)
final class BrokerCrashIT {
  private static final int RECORDS = 800;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {StreamsConfig.AT_LEAST_ONCE, StreamsConfig.EXACTLY_ONCE_V2})
  void killedBroker_changesNoResult(String guarantee) throws Exception {
    try (BrokerProcess broker =
            BrokerProcess.start(Files.createDirectory(directory.resolve("kafka")));
        Topics topics = new Topics(broker)) {
      Settings timelog = Settings.of(broker, "crash-timelog", directory, Engine.TIMELOG, guarantee);
      Settings rocksDb = Settings.of(broker, "crash-rocksdb", directory, Engine.ROCKSDB, guarantee);
      topics.create(timelog.input(), 1);
      topics.create(timelog.output(), 1);
      topics.create(rocksDb.output(), 1);
      List<ProducerRecord<String, String>> input =
          Numbers.inTime(RECORDS, 1).records(timelog.input());
      topics.send(input.subList(0, RECORDS / 2));

      try (Application onTimelog = Application.start(timelog, Operator.topology(timelog));
          Application onRocksDb = Application.start(rocksDb, Operator.topology(rocksDb))) {
        Eventually.holds(
            "both applications have written something",
            () -> topics.written(timelog.output()) > 0 && topics.written(rocksDb.output()) > 0,
            () -> "");
        broker.kill();
        broker.restart();
        topics.send(input.subList(RECORDS / 2, RECORDS));
        onTimelog.awaitConsumed(topics);
        onRocksDb.awaitConsumed(topics);
      }

      Results expected = Results.of(topics, rocksDb);
      Results actual = Results.of(topics, timelog);
      if (guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2)) {
        actual.areOfEachKeyExactly(expected);
      } else {
        actual.areAtLeast(expected);
      }
    }
  }
}
