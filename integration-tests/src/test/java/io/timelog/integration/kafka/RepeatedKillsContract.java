package io.timelog.integration.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.integration.fixture.Broker;
import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.JavaProcess;
import io.timelog.integration.fixture.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An application whose process is killed over and over gives what it gives on RocksDB with nobody
 * killed, and is restored each time from what came after its last commit. Thirty times take longer
 * than other contracts may.
 */
@Timeout(3_600)
abstract class RepeatedKillsContract {
  private static final Logger LOG = LoggerFactory.getLogger(RepeatedKillsContract.class);

  /** More of them with {@code -Pkafka-kills}. */
  private static final int KILLS = Integer.getInteger("timelog.kills", 1);

  /** So many records come between two kills, all of them after everything before was committed. */
  private static final int RECORDS = 100;

  /**
   * So many come at last. After a restart, Kafka Streams looks for what an outer join has found no
   * match for only when that of a later record is due, so there must be one.
   */
  private static final int LAST_RECORDS = 400;

  private final Broker broker;

  @TempDir Path directory;

  RepeatedKillsContract(Broker broker) {
    this.broker = broker;
  }

  /**
   * Something else that may go wrong when the application was killed.
   *
   * @param number of the kill, from 1 on
   */
  void afterKill(int number) throws Exception {
    // Nothing does.
  }

  @Test
  void atLeastOnce_losesNothing_andRestoresWhatCameAfterTheLastCommit() throws Exception {
    String guarantee = StreamsConfig.AT_LEAST_ONCE;
    try (Topics topics = new Topics(broker)) {
      Settings settings = settings("kills-alos", Engine.TIMELOG, guarantee);
      Runs runs = new Runs(topics, settings);
      Results actual = runs.withKills();
      runs.assertRestoredLittle();
      actual.areAtLeastAfterAKill(undisturbed(topics, "kills-alos", guarantee));
    }
  }

  @Test
  void exactlyOnce_withTransactionalStores_isExact_andRestoresWhatCameAfterTheLastCommit()
      throws Exception {
    String guarantee = StreamsConfig.EXACTLY_ONCE_V2;
    try (Topics topics = new Topics(broker)) {
      Settings settings =
          settings("kills-eos", Engine.TIMELOG, guarantee).withTransactionalStores();
      Runs runs = new Runs(topics, settings);
      Results actual = runs.withKills();
      if (areStoresTransactional()) {
        runs.assertRestoredLittle();
      }
      actual.areOfEachKeyExactly(undisturbed(topics, "kills-eos", guarantee));
    }
  }

  @Test
  void exactlyOnce_withTheClientSupplier_isExact_andRestoresWhatCameAfterTheLastCommit()
      throws Exception {
    String guarantee = StreamsConfig.EXACTLY_ONCE_V2;
    try (Topics topics = new Topics(broker)) {
      Settings settings =
          settings("kills-told", Engine.TIMELOG, guarantee).with(Settings.Commits.TOLD_BY_PRODUCER);
      Runs runs = new Runs(topics, settings);
      Results actual = runs.withKills();
      runs.assertRestoredLittle();
      actual.areOfEachKeyExactly(undisturbed(topics, "kills-told", guarantee));
    }
  }

  /** Not before Kafka Streams 4.4. */
  private static boolean areStoresTransactional() {
    return StreamsConfig.configDef().names().contains("enable.transactional.statestores");
  }

  private Settings settings(String name, Engine engine, String guarantee) {
    return Settings.of(
            broker,
            name + "-" + engine.name().toLowerCase(Locale.ROOT),
            directory,
            engine,
            guarantee)
        .with(Settings.Operators.ON_DISK);
  }

  /** An application, from its first start to its last. */
  private final class Runs {
    private final Topics topics;
    private final Settings settings;

    /** For each kill, what was written to changelogs since everything was committed. */
    private final List<Long> uncommitted = new ArrayList<>();

    private final List<Long> restored = new ArrayList<>();

    Runs(Topics topics, Settings settings) {
      this.topics = topics;
      this.settings = settings;
    }

    Results withKills() throws Exception {
      topics.create(settings.input(), 1);
      topics.create(settings.output(), 1);
      List<ProducerRecord<String, String>> input =
          Numbers.inTime(KILLS * RECORDS + LAST_RECORDS, 1).records(settings.input());
      for (int kill = 0; kill < KILLS; kill++) {
        startAndKill(kill + 1, input.subList(kill * RECORDS, (kill + 1) * RECORDS));
      }
      topics.send(input.subList(KILLS * RECORDS, input.size()));
      restored.addAll(ApplicationProcess.restored(settings));
      try (Application last = Application.start(settings, Operator.topology(settings))) {
        restored.add(last.restored());
        last.awaitConsumed(topics);
      }
      return Results.of(topics, settings);
    }

    private void startAndKill(int number, List<ProducerRecord<String, String>> records)
        throws Exception {
      try (JavaProcess process = ApplicationProcess.start(settings)) {
        Eventually.holds(
            "it runs, and has committed all that there is",
            () -> {
              process.failIfDead();
              return ApplicationProcess.restored(settings).size() == number
                  && (number == 1 || topics.isConsumed(settings.application(), settings.input()));
            },
            process::log);
        long logged = logged();
        long written = topics.written(settings.output());
        topics.send(records);
        // Less or more, so that it is killed in the midst of this and that.
        long more = 1L + number * 7919 % (2 * RECORDS);
        Eventually.holds(
            "it has written something of what came last",
            () -> {
              process.failIfDead();
              return topics.written(settings.output()) >= written + more;
            },
            process::log);
        process.kill();
        uncommitted.add(logged() - logged);
      }
      afterKill(number);
    }

    /** The broker may still have to read what a process has sent that is dead. */
    private long logged() throws Exception {
      long before;
      long now = endsOfChangelogs();
      do {
        before = now;
        now = endsOfChangelogs();
      } while (now != before);
      return now;
    }

    private long endsOfChangelogs() throws Exception {
      return topics.written(
          topic -> topic.startsWith(settings.application()) && topic.endsWith("-changelog"));
    }

    void assertRestoredLittle() {
      LOG.info(
          "{} was restored from {} records, the first start counted; not committed"
              + " were at most {}",
          settings.application(),
          restored,
          uncommitted);
      assertThat(restored).hasSize(KILLS + 1);
      for (int kill = 0; kill < KILLS; kill++) {
        assertThat(restored.get(kill + 1))
            .as("restored after kill %d of %s", kill, restored)
            .isLessThanOrEqualTo(uncommitted.get(kill));
      }
    }
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
