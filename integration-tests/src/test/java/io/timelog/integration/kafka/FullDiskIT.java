package io.timelog.integration.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.integration.fixture.EmbeddedBroker;
import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The disk of an application is full in the middle of its work: it fails, and when there is room
 * again it goes on from its last commit. Needs a small file system of its own, which it fills:
 * {@code -Psmall-disk -Dtimelog.small.disk=<directory>}.
 */
@Tag("small-disk")
@Timeout(900)
final class FullDiskIT {
  private static final int RECORDS = 800;
  private static final String PROPERTY = "timelog.small.disk";

  /** More would take too long to fill, and may be a disk that others need. */
  private static final long SMALL = 256L << 20;

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  @TempDir Path directory;

  private final Path disk = Path.of(System.getProperty(PROPERTY, "."));
  private final Path ballast = disk.resolve("ballast");

  @AfterEach
  void makeRoom() throws IOException {
    Files.deleteIfExists(ballast);
  }

  @ParameterizedTest
  @ValueSource(strings = {StreamsConfig.AT_LEAST_ONCE, StreamsConfig.EXACTLY_ONCE_V2})
  void applicationWhoseDiskIsFull_goesOnWhenThereIsRoom(String guarantee) throws Exception {
    try (Topics topics = new Topics(BROKER)) {
      String name = "full-" + guarantee.replace('_', '-');
      Settings timelog = settings(name, disk, Engine.TIMELOG, guarantee);
      Settings rocksDb = settings(name, directory, Engine.ROCKSDB, guarantee);
      topics.create(timelog.input(), 1);
      topics.create(timelog.output(), 1);
      topics.create(rocksDb.output(), 1);
      List<ProducerRecord<String, String>> input =
          Numbers.inTime(RECORDS, 1).records(timelog.input());
      topics.send(input.subList(0, RECORDS / 2));

      Application first = Application.start(timelog, Operator.topology(timelog));
      first.awaitConsumed(topics);
      fill();
      topics.send(input.subList(RECORDS / 2, RECORDS));
      Eventually.holds(
          "it has failed, or has done without the disk",
          () -> hasFailed(first) || topics.isConsumed(timelog.application(), timelog.input()),
          first.streams()::state);
      closeOnFullDisk(first);

      makeRoom();
      try (Application second = Application.start(timelog, Operator.topology(timelog))) {
        second.awaitConsumed(topics);
      }
      try (Application undisturbed = Application.start(rocksDb, Operator.topology(rocksDb))) {
        undisturbed.awaitConsumed(topics);
      }
      Results actual = Results.of(topics, timelog);
      Results expected = Results.of(topics, rocksDb);
      if (guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2)) {
        actual.areOfEachKeyExactly(expected);
      } else {
        actual.areAtLeastAfterAKill(expected);
      }
    }
  }

  private static boolean hasFailed(Application application) {
    try {
      application.failIfFailed();
      return false;
    } catch (AssertionError e) {
      return true;
    }
  }

  /** At the latest, the commits of its tasks are refused now. */
  private static void closeOnFullDisk(Application application) {
    try {
      application.close();
    } catch (AssertionError e) {
      assertThat(e).hasStackTraceContaining("No space left on device");
    }
  }

  private static Settings settings(String name, Path directory, Engine engine, String guarantee) {
    return Settings.of(
            BROKER,
            name + "-" + engine.name().toLowerCase(Locale.ROOT),
            directory,
            engine,
            guarantee)
        .with(Settings.Operators.ON_DISK);
  }

  /** Leaves no byte. */
  private void fill() throws IOException {
    long free = Files.getFileStore(disk).getUsableSpace();
    if (free > SMALL) {
      throw new IllegalStateException(
          "Not a small disk: free=" + free + ", largest=" + SMALL + ", set -D" + PROPERTY);
    }
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // It is full.
    }
  }
}
