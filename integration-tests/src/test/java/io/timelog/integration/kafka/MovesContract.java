package io.timelog.integration.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.integration.fixture.Broker;
import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An application whose tasks go and come back, to the same member or between its threads, finds
 * their directories as they were left, and restores only what came meanwhile.
 */
abstract class MovesContract {
  private static final int RECORDS = 600;
  private static final int PARTITIONS = 2;
  private static final Duration HOUR = Duration.ofHours(1);

  private final Broker broker;

  @TempDir Path directory;

  MovesContract(Broker broker) {
    this.broker = broker;
  }

  /** It stays a member of the group while it is away, because its membership is static. */
  @Test
  void memberThatComesBack_restoresOnlyWhatItMissed() throws Exception {
    try (Topics topics = new Topics(broker)) {
      Settings settings = timelog("comeback", topics);
      Settings stays = settings.besideOthers("stays");
      Settings comesBack = settings.besideOthers("comes-back");
      List<ProducerRecord<String, String>> input =
          Numbers.inTime(RECORDS, PARTITIONS).records(settings.input());
      topics.send(input.subList(0, RECORDS / 2));

      try (Application other = Application.start(stays, Operator.topology(stays))) {
        try (Application first = Application.start(comesBack, Operator.topology(comesBack))) {
          // It may run before the other has given it a task.
          first.awaitThreads(1);
          first.awaitConsumed(topics);
          first.awaitNoLag();
          assertThat(logged(topics, settings)).isGreaterThan(RECORDS);
        }
        long logged = logged(topics, settings);
        try (Application second = Application.start(comesBack, Operator.topology(comesBack))) {
          assertThat(second.restored()).isLessThanOrEqualTo(logged(topics, settings) - logged);
          topics.send(input.subList(RECORDS / 2, RECORDS));
          second.awaitConsumed(topics);
        }
        other.failIfFailed();
      }
      Results.of(topics, settings).areOfEachKeyExactly(undisturbed("comeback", topics));
    }
  }

  /** One rebalance after the other takes long, so this runs with {@code -Pkafka-moves}. */
  @Test
  @Tag("kafka-moves")
  void threadsThatComeAndGo_takeOverDirectories_andRestoreNothing() throws Exception {
    try (Topics topics = new Topics(broker)) {
      Settings settings = timelog("threads", topics);
      List<ProducerRecord<String, String>> input =
          Numbers.inTime(RECORDS, PARTITIONS).records(settings.input());
      topics.send(input.subList(0, RECORDS / 3));

      try (Application application = Application.start(settings, Operator.topology(settings))) {
        application.awaitConsumed(topics);
        assertThat(application.streams().addStreamThread()).isPresent();
        application.awaitThreads(2);
        topics.send(input.subList(RECORDS / 3, 2 * RECORDS / 3));
        application.awaitConsumed(topics);

        assertThat(application.streams().removeStreamThread()).isPresent();
        application.awaitThreads(1);
        topics.send(input.subList(2 * RECORDS / 3, RECORDS));
        application.awaitConsumed(topics);
        assertThat(application.restored()).isZero();
      }
      Results.of(topics, settings).areOfEachKeyExactly(undisturbed("threads", topics));
    }
  }

  /**
   * What it has written to its store since its last transaction must not be there any more, and
   * what it has committed must.
   */
  @ParameterizedTest
  @EnumSource(
      value = Settings.Commits.class,
      names = {"OF_STORES", "TOLD_BY_PRODUCER"})
  void threadThatFails_isReplaced_andNothingIsCountedTwice(Settings.Commits commits)
      throws Exception {
    try (Topics topics = new Topics(broker)) {
      String name = "fails-" + commits.name().toLowerCase(Locale.ROOT).replace('_', '-');
      Settings settings = timelog(name, topics).with(commits);
      List<ProducerRecord<String, String>> input =
          Numbers.inTime(RECORDS, PARTITIONS).records(settings.input());
      topics.send(input);

      AtomicInteger counted = new AtomicInteger();
      Topology topology =
          counts(
              settings,
              () -> {
                if (counted.incrementAndGet() == RECORDS / 2) {
                  throw new IllegalStateException("The thread is to fail");
                }
              });
      try (KafkaStreams streams = new KafkaStreams(topology, settings.config())) {
        streams.setUncaughtExceptionHandler(
            exception -> StreamThreadExceptionResponse.REPLACE_THREAD);
        streams.start();
        Eventually.holds(
            "it has consumed all, although it failed",
            () -> topics.isConsumed(settings.application(), settings.input()),
            streams::state);
      }
      assertThat(counted).hasValueGreaterThan(RECORDS);
      Map<String, List<String>> actual = new TreeMap<>();
      for (ConsumerRecord<String, String> result : topics.read(settings.output())) {
        actual.computeIfAbsent(result.key(), key -> new ArrayList<>()).add(result.value());
      }
      assertThat(actual).isEqualTo(expectedCounts(input));
    }
  }

  /** Counts records of each key and hour, and runs something after each. */
  private static Topology counts(Settings settings, Runnable afterEach) {
    StreamsBuilder builder = new StreamsBuilder();
    builder.<String, String>stream(settings.input())
        .groupByKey()
        .windowedBy(TimeWindows.ofSizeAndGrace(HOUR, Duration.ofDays(1)))
        .count(Materialized.with(Serdes.String(), Serdes.Long()))
        .toStream()
        .map(
            (window, count) ->
                KeyValue.pair(window.key() + "@" + window.window().start(), "" + count))
        .peek((key, count) -> afterEach.run())
        .to(settings.output());
    return builder.build();
  }

  private static Map<String, List<String>> expectedCounts(
      List<ProducerRecord<String, String>> input) {
    Map<String, List<String>> expected = new TreeMap<>();
    for (ProducerRecord<String, String> record : input) {
      long start = record.timestamp() - record.timestamp() % HOUR.toMillis();
      List<String> counts =
          expected.computeIfAbsent(record.key() + "@" + start, key -> new ArrayList<>());
      counts.add("" + (counts.size() + 1));
    }
    return expected;
  }

  /** Records that its changelogs have, markers of transactions included. */
  private static long logged(Topics topics, Settings settings) throws Exception {
    return topics.written(
        topic -> topic.startsWith(settings.application()) && topic.endsWith("-changelog"));
  }

  private Settings timelog(String name, Topics topics) throws Exception {
    Settings settings =
        Settings.of(
                broker, name + "-timelog", directory, Engine.TIMELOG, StreamsConfig.EXACTLY_ONCE_V2)
            .with(Settings.Operators.ON_DISK)
            .with(Settings.Commits.TOLD_BY_PRODUCER);
    topics.create(settings.input(), PARTITIONS);
    topics.create(settings.output(), 1);
    return settings;
  }

  private Results undisturbed(String name, Topics topics) throws Exception {
    Settings settings =
        Settings.of(
                broker, name + "-rocksdb", directory, Engine.ROCKSDB, StreamsConfig.EXACTLY_ONCE_V2)
            .with(Settings.Operators.ON_DISK);
    topics.create(settings.output(), 1);
    try (Application application = Application.start(settings, Operator.topology(settings))) {
      application.awaitConsumed(topics);
    }
    return Results.of(topics, settings);
  }
}
