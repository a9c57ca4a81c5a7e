package io.timelog.integration.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.integration.fixture.Broker;
import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.JavaProcess;
import io.timelog.integration.fixture.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application whose process is killed gives what it gives on RocksDB with nobody killed. */
abstract class CrashContract {
  private static final int RECORDS = 800;

  private final Broker broker;

  @TempDir Path directory;

  CrashContract(Broker broker) {
    this.broker = broker;
  }

  @Test
  void killedApplication_exactlyOnce_givesEveryRecordOnce() throws Exception {
    String guarantee = StreamsConfig.EXACTLY_ONCE_V2;
    try (Topics topics = new Topics(broker)) {
      Results actual = runWithKill(topics, settings("crash-eos", Engine.TIMELOG, guarantee));
      actual.areOfEachKeyExactly(undisturbed(topics, "crash-eos", guarantee));
    }
  }

  @Test
  void killedApplication_withTransactionalStores_givesEveryRecordOnce() throws Exception {
    String guarantee = StreamsConfig.EXACTLY_ONCE_V2;
    try (Topics topics = new Topics(broker)) {
      Settings settings =
          settings("crash-transactional", Engine.TIMELOG, guarantee).withTransactionalStores();
      Results actual = runWithKill(topics, settings);
      actual.areOfEachKeyExactly(undisturbed(topics, "crash-transactional", guarantee));
    }
  }

  @Test
  void killedApplication_atLeastOnce_losesNothing() throws Exception {
    String guarantee = StreamsConfig.AT_LEAST_ONCE;
    try (Topics topics = new Topics(broker)) {
      Results actual = runWithKill(topics, settings("crash-alos", Engine.TIMELOG, guarantee));
      actual.areAtLeastAfterAKill(undisturbed(topics, "crash-alos", guarantee));
    }
  }

  private Settings settings(String name, Engine engine, String guarantee) {
    return Settings.of(
        broker, name + "-" + engine.name().toLowerCase(Locale.ROOT), directory, engine, guarantee);
  }

  private Results runWithKill(Topics topics, Settings settings) throws Exception {
    topics.create(settings.input(), 1);
    topics.create(settings.output(), 1);
    List<ProducerRecord<String, String>> input =
        Numbers.inTime(RECORDS, 1).records(settings.input());
    topics.send(input.subList(0, RECORDS / 2));

    try (JavaProcess first = ApplicationProcess.start(settings)) {
      Eventually.holds(
          "the first application has written something",
          () -> {
            first.failIfDead();
            return topics.written(settings.output()) > RECORDS;
          },
          first::log);
      first.kill();
    }

    topics.send(input.subList(RECORDS / 2, RECORDS));
    try (Application second = Application.start(settings, Operator.topology(settings))) {
      second.awaitConsumed(topics);
      assertThat(second.restored()).isPositive();
    }
    return Results.of(topics, settings);
  }

  private Results undisturbed(Topics topics, String name, String guarantee) throws Exception {
    Settings settings = settings(name, Engine.ROCKSDB, guarantee);
    topics.create(settings.output(), 1);
    try (Application application = Application.start(settings, Operator.topology(settings))) {
      application.awaitConsumed(topics);
    }
    return Results.of(topics, settings);
  }
}
