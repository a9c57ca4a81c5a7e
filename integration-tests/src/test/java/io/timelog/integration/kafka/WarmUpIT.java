package io.timelog.integration.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.integration.fixture.EmbeddedBroker;
import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A member that comes later warms its stores up before it gets their tasks. Kafka Streams looks no
 * more than once a minute whether they are warm, so this runs with {@code -Pkafka-moves}.
 */
@Tag("kafka-moves")
@Timeout(900)
final class WarmUpIT {
  private static final int RECORDS = 800;
  private static final int PARTITIONS = 2;

  /** Far less than what a store that is not warm lacks, and more than markers of transactions. */
  private static final long ACCEPTABLE_LAG = 20;

  private static final Map<String, ?> WARM_UP =
      Map.of(
          StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG,
          ACCEPTABLE_LAG,
          StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG,
          PARTITIONS,
          StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG,
          0,
          StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG,
          60_000L);

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  @TempDir Path directory;

  @Test
  void memberThatComesLater_isWarmBeforeItGetsTasks() throws Exception {
    try (Topics topics = new Topics(BROKER)) {
      Settings settings = settings(Engine.TIMELOG, topics);
      topics.create(settings.input(), PARTITIONS);
      Settings first = settings.besideOthers("first");
      Settings second = settings.besideOthers("second");
      List<ProducerRecord<String, String>> input =
          Numbers.inTime(RECORDS, PARTITIONS).records(settings.input());
      topics.send(input.subList(0, RECORDS / 2));

      try (Application before = Application.start(first, Operator.topology(first), WARM_UP)) {
        before.awaitConsumed(topics);
        try (Application later = Application.start(second, Operator.topology(second), WARM_UP)) {
          Eventually.holds(
              "the later member has got a task",
              () -> {
                before.failIfFailed();
                later.failIfFailed();
                return later.streams().metadataForLocalThreads().stream()
                    .anyMatch(thread -> !thread.activeTasks().isEmpty());
              },
              () -> later.streams().metadataForLocalThreads());
          topics.send(input.subList(RECORDS / 2, RECORDS));
          later.awaitConsumed(topics);
          // What came when its stores were warm, and no more.
          assertThat(later.restored()).isLessThanOrEqualTo(ACCEPTABLE_LAG * later.changelogs());
        }
      }
      Results.of(topics, settings).areOfEachKeyExactly(undisturbed(topics));
    }
  }

  private Settings settings(Engine engine, Topics topics) throws Exception {
    Settings settings =
        Settings.of(
                BROKER,
                "warmup-" + engine.name().toLowerCase(Locale.ROOT),
                directory,
                engine,
                StreamsConfig.EXACTLY_ONCE_V2)
            .with(Settings.Operators.ON_DISK);
    topics.create(settings.output(), 1);
    return settings;
  }

  private Results undisturbed(Topics topics) throws Exception {
    Settings settings = settings(Engine.ROCKSDB, topics);
    try (Application application = Application.start(settings, Operator.topology(settings))) {
      application.awaitConsumed(topics);
    }
    return Results.of(topics, settings);
  }
}
