package io.timelog.integration.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.integration.fixture.EmbeddedBroker;
import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.JavaProcess;
import io.timelog.integration.fixture.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How soon an application with much state runs again, on Timelog and on RocksDB, after it was
 * stopped and after its process was killed. Prints what each start took, and runs with {@code
 * -Pkafka-restart -Dtimelog.restart.mb=<megabytes of state>}.
 */
@Tag("kafka-restart")
@Timeout(7_200)
final class RestartIT {
  private static final Logger LOG = LoggerFactory.getLogger(RestartIT.class);

  private static final int MEGABYTES = Integer.getInteger("timelog.restart.mb", 512);
  private static final int RECORDS_PER_MEGABYTE = 1_024;

  /** So many are sent, and consumed, at once. */
  private static final int MEGABYTES_PER_BATCH = 32;

  private static final String VALUE = "x".repeat(1_000);

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Engine.class)
  void start_isToldInNumbers(Engine engine) throws Exception {
    try (Topics topics = new Topics(BROKER)) {
      Settings settings =
          Settings.of(
              BROKER,
              "restart-" + engine.name().toLowerCase(Locale.ROOT) + "-app",
              directory,
              engine,
              StreamsConfig.AT_LEAST_ONCE);
      topics.create(settings.input(), 1);
      try (JavaProcess filled = run(settings, 1)) {
        fill(settings, topics, filled);
        filled.stop();
      }
      try (JavaProcess again = run(settings, 2)) {
        again.kill();
      }
      try (JavaProcess last = run(settings, 3)) {
        last.stop();
      }
      List<RestartProcess.Start> starts = RestartProcess.starts(settings);
      LOG.info(
          "{} MB on {}: after a stop {}, after a kill {}",
          MEGABYTES,
          engine,
          starts.get(1),
          starts.get(2));
      if (engine == Engine.TIMELOG) {
        assertThat(starts.get(1).restored()).isZero();
        assertThat(starts.get(2).restored()).isZero();
      }
    }
  }

  /** Returns when it runs. */
  private static JavaProcess run(Settings settings, int start) throws Exception {
    JavaProcess process = RestartProcess.start(settings);
    try {
      Eventually.holds(
          "it runs",
          () -> {
            process.failIfDead();
            return RestartProcess.starts(settings).size() == start;
          },
          process::log);
      return process;
    } catch (Throwable e) {
      process.close();
      throw e;
    }
  }

  /** Has it make so much state of records that all have a key of their own. */
  private static void fill(Settings settings, Topics topics, JavaProcess process) throws Exception {
    long timestamp = Instant.now().minus(6, ChronoUnit.HOURS).toEpochMilli();
    int sent = 0;
    for (int megabyte = 0; megabyte < MEGABYTES; megabyte += MEGABYTES_PER_BATCH) {
      List<ProducerRecord<String, String>> batch = new ArrayList<>();
      for (int i = 0; i < MEGABYTES_PER_BATCH * RECORDS_PER_MEGABYTE; i++) {
        batch.add(new ProducerRecord<>(settings.input(), 0, timestamp + sent, "key" + sent, VALUE));
        sent++;
      }
      topics.send(batch);
      Eventually.holds(
          "it has consumed all",
          () -> {
            process.failIfDead();
            return topics.isConsumed(settings.application(), settings.input());
          },
          process::log);
    }
  }
}
