package io.timelog.integration.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.integration.fixture.Broker;
import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.JavaProcess;
import io.timelog.integration.fixture.Topics;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application whose tasks move between its members gives what it gives on RocksDB with only one
 * member.
 */
abstract class StandbyContract {
  private static final int RECORDS = 800;
  private static final int PARTITIONS = 2;
  private static final String GUARANTEE = StreamsConfig.EXACTLY_ONCE_V2;

  private final Broker broker;

  @TempDir Path directory;

  StandbyContract(Broker broker) {
    this.broker = broker;
  }

  @Test
  void membersThatComeAndGo_changeNoResult() throws Exception {
    try (Topics topics = new Topics(broker)) {
      Settings settings = timelog("rebalance", topics);
      Settings first = settings.besideOthers("first");
      Settings second = settings.besideOthers("second");
      List<ProducerRecord<String, String>> input =
          Numbers.inTime(RECORDS, PARTITIONS).records(settings.input());

      topics.send(input.subList(0, RECORDS / 3));
      Application before = Application.start(first, Operator.topology(first));
      try (Application after = Application.start(second, Operator.topology(second))) {
        topics.send(input.subList(RECORDS / 3, 2 * RECORDS / 3));
        after.awaitConsumed(topics);
        before.awaitNoLag();
        after.awaitNoLag();
        final long restored = after.restored();

        before.leave();
        topics.send(input.subList(2 * RECORDS / 3, RECORDS));
        after.awaitConsumed(topics);

        // The standby tasks had it all, but for what had not reached them yet.
        assertThat(after.restored() - restored).isLessThan(RECORDS / 3);
      } finally {
        before.close();
      }
      Results.of(topics, settings).areOfEachKeyExactly(undisturbed("rebalance", topics));
    }
  }

  @Test
  void killedMember_isReplacedByTheStandbysOfTheOther() throws Exception {
    try (Topics topics = new Topics(broker)) {
      Settings settings = timelog("standby", topics);
      Settings killed = settings.besideOthers("killed");
      Settings other = settings.besideOthers("other");
      List<ProducerRecord<String, String>> input =
          Numbers.inTime(RECORDS, PARTITIONS).records(settings.input());

      topics.send(input.subList(0, RECORDS / 2));
      try (JavaProcess process = ApplicationProcess.start(killed);
          Application application = Application.start(other, Operator.topology(other))) {
        application.awaitConsumed(topics);
        awaitMembers(application, 2);
        application.awaitNoLag();
        topics.send(input.subList(RECORDS / 2, RECORDS));
        process.kill();
        application.awaitConsumed(topics);
      }
      Results.of(topics, settings).areOfEachKeyExactly(undisturbed("standby", topics));
    }
  }

  /** Waits until the tasks are spread over so many members. */
  private static void awaitMembers(Application application, int members) throws Exception {
    Eventually.holds(
        "the tasks are spread over members=" + members,
        () ->
            application.streams().metadataForLocalThreads().stream()
                    .mapToInt(thread -> thread.activeTasks().size())
                    .sum()
                == PARTITIONS / members,
        () -> application.streams().metadataForLocalThreads());
  }

  private Settings timelog(String name, Topics topics) throws Exception {
    Settings settings =
        Settings.of(broker, name + "-timelog", directory, Engine.TIMELOG, GUARANTEE);
    topics.create(settings.input(), PARTITIONS);
    topics.create(settings.output(), 1);
    return settings;
  }

  private Results undisturbed(String name, Topics topics) throws Exception {
    Settings settings =
        Settings.of(broker, name + "-rocksdb", directory, Engine.ROCKSDB, GUARANTEE);
    topics.create(settings.output(), 1);
    try (Application application = Application.start(settings, Operator.topology(settings))) {
      application.awaitConsumed(topics);
    }
    return Results.of(topics, settings);
  }
}
