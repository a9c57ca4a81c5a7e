package io.timelog.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.journal.LoggedStore.LogSettingsOf;
import io.timelog.internal.storage.disk.LocalDisk;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A store is what it was at its last commit, whenever it is opened again. */
final class LogRoundTripTest {
  private static final int LIVES = 12;

  static long[] seeds() {
    long only = Long.getLong("seed", 0);
    return only != 0 ? new long[] {only} : new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void openedStore_isWhatWasCommitted(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    RecordingDisk disk = new RecordingDisk();
    LogWorkload workload = new LogWorkload(seed, LogWorkload.all());
    for (int life = 0; life < LIVES; life++) {
      SyncPolicy policy = random.nextBoolean() ? SyncPolicy.SYNCED : SyncPolicy.BUFFERED;
      long fileBytes = random.nextInt(3) == 0 ? Long.MAX_VALUE : 200 + random.nextInt(3_000);
      try (LoggedStore store =
          new LoggedStore(
              new RecordingDisk(disk.files()), new LogSettingsOf(policy, fileBytes, 200))) {
        // Opening changes the directory; that it can be done twice is shown by throwing this away.
        assertThat(store.lastCommit()).isEqualTo(Math.max(0, workload.contents().size() - 1));
      }
      try (LoggedStore store = new LoggedStore(disk, new LogSettingsOf(policy, fileBytes, 200))) {
        if (life > 0) {
          int commit = workload.contents().size() - 1;
          assertThat(store.content()).isEqualTo(workload.contents().get(commit));
        }
        workload.run(store, disk, 150);
      }
    }
    assertThat(workload.contents().size()).isGreaterThan(100);
  }

  @Test
  void storeInADirectory_isWhatWasCommitted(@TempDir Path directory) throws IOException {
    RecordingDisk marks = new RecordingDisk();
    LogWorkload workload = new LogWorkload(11, LogWorkload.all());
    for (int life = 0; life < 3; life++) {
      try (LoggedStore store = new LoggedStore(LocalDisk.in(directory), SyncPolicy.SYNCED, 2_000)) {
        if (life > 0) {
          int commit = workload.contents().size() - 1;
          assertThat(store.content()).isEqualTo(workload.contents().get(commit));
        }
        workload.run(store, marks, 100);
      }
    }
    assertThat(workload.contents().size()).isGreaterThan(30);
  }
}
