package io.timelog.integration.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.integration.fixture.EmbeddedBroker;
import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.flink.job.ChurningReadings;
import io.timelog.integration.flink.job.ReadingsJob;
import io.timelog.integration.flink.soak.Leavings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs with more state than memory, one after the other on one cluster, of keys that come and go.
 * Each is disturbed all the time and must have the results of the heap backend in peace; and what
 * it leaves behind, in files, memory and handles, must not add up.
 *
 * <p>{@code -Dtimelog.soak.minutes} says for how long, {@code -Dtimelog.soak.seed} with which
 * disturbances.
 */
@Tag("soak")
final class SoakIT {
  private static final Duration LENGTH =
      Duration.ofMinutes(Long.getLong("timelog.soak.minutes", 20));
  private static final long SEED = Long.getLong("timelog.soak.seed", System.currentTimeMillis());

  private static final int DISTURBANCES = 12;

  /** A disturbance takes two at most. */
  private static final int PARTS = 2 * DISTURBANCES + 1;

  private static final int READINGS_OF_A_PART = 200;
  private static final int NOTE_LENGTH = 16_000;

  /** Of a task manager. Windows that are open have several times as much. */
  private static final MemorySize MANAGED_MEMORY = MemorySize.ofMebiBytes(8);

  /** Rounds after which everything is there that stays. */
  private static final int WARM_UP = 2;

  private static final long HEAP_NOISE_BYTES = 64 << 20;
  private static final long DIRECT_NOISE_BYTES = 16 << 20;

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void jobsThatAreDisturbedAllTheTime_giveEveryResultAndLeaveNothing() throws Exception {
    long end = System.nanoTime() + LENGTH.toNanos();
    List<Leavings> afterRounds = new ArrayList<>();
    long checkpoints = 0;
    System.out.printf("Soak: seed=%d, minutes=%d%n", SEED, LENGTH.toMinutes());
    try (JobCluster cluster = JobCluster.start(directory, MANAGED_MEMORY)) {
      while (afterRounds.size() <= WARM_UP || System.nanoTime() < end) {
        int round = afterRounds.size() + 1;
        checkpoints += disturb(cluster, round);
        afterRounds.add(Leavings.in(directory));
        System.out.printf(
            "Soak: round=%d, checkpoints=%d, left: %s%n",
            round, checkpoints, afterRounds.get(round - 1));
      }
    }

    requireFlat(afterRounds.get(WARM_UP - 1), afterRounds.get(afterRounds.size() - 1));
  }

  /** Runs one job, and returns how many checkpoints it has taken. */
  private long disturb(JobCluster cluster, int round) throws Exception {
    List<Disturbance> disturbances = round % 2 == 0 ? Disturbance.ALL : Disturbance.GENTLE;
    ChurningReadings readings =
        new ChurningReadings(random.nextLong(), PARTS * READINGS_OF_A_PART, NOTE_LENGTH);
    try (JobTopics topics = JobTopics.create(BROKER, "soak-" + round, readings, PARTS)) {
      ReadingsJob job = topics.job("disturbed");
      DisturbedJob disturbed = new DisturbedJob(cluster, topics, job, random.split());
      long inFiles = 0;
      for (int i = 0; i < DISTURBANCES; i++) {
        disturbed.work();
        inFiles = Math.max(inFiles, stateInFiles());
        disturbances.get(random.nextInt(disturbances.size())).on(disturbed);
      }
      disturbed.finish();
      for (Path snapshot : disturbed.notClaimed()) {
        FileUtils.deleteDirectory(snapshot.toFile());
      }

      assertThat(inFiles).as("bytes of state in files").isPositive();
      if (disturbances == Disturbance.GENTLE) {
        Set<Path> orphans = disturbed.orphans();
        Eventually.holds(
            "the job leaves no file but orphans=" + orphans,
            () -> orphans.containsAll(stored()),
            this::stored);
      }
      ReadingsJob undisturbed = topics.job("undisturbed");
      cluster.finish(cluster.submit(Backend.HEAP, undisturbed, 2), undisturbed, topics);
      for (Path snapshots : snapshots()) {
        FileUtils.deleteDirectory(snapshots.toFile());
      }
      topics.results(job).areExactly(topics.results(undisturbed));
      return disturbed.checkpoints();
    }
  }

  /** Bytes that are in files of running tasks, which delete some while they are looked at. */
  private long stateInFiles() throws IOException {
    long bytes = 0;
    for (Path file : Leavings.files(directory)) {
      if (file.getFileName().toString().endsWith(".seg")) {
        try {
          bytes += Files.size(file);
        } catch (NoSuchFileException deleted) {
          // It counts no more.
        }
      }
    }
    return bytes;
  }

  private List<Path> snapshots() {
    return List.of(directory.resolve("checkpoints"), directory.resolve("savepoints"));
  }

  /** The files of checkpoints and savepoints. */
  private List<Path> stored() {
    return snapshots().stream().flatMap(all -> Leavings.files(all).stream()).toList();
  }

  private static void requireFlat(Leavings early, Leavings late) {
    assertThat(late.heapBytes())
        .as("bytes on the heap")
        .isLessThan(early.heapBytes() + early.heapBytes() / 2 + HEAP_NOISE_BYTES);
    assertThat(late.directBytes())
        .as("bytes beside the heap")
        .isLessThan(early.directBytes() + DIRECT_NOISE_BYTES);
    assertThat(late.openFiles()).as("open files").isLessThanOrEqualTo(early.openFiles());
    assertThat(late.files()).as("files").hasSizeLessThanOrEqualTo(early.files().size());
  }
}
