package io.timelog.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.CommitLog;
import io.timelog.internal.storage.disk.CrashStates;
import io.timelog.internal.storage.disk.CrashStates.Crash;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.ForgetfulDisk;
import io.timelog.internal.storage.disk.ForgetfulDisk.Forgotten;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * As {@link CrashedStoreTest}, of stores with a commit log. After a loss of power, a commit that
 * was not forced may be missing; but then all later ones are, and it is missing as a whole. {@code
 * -Dcrash.states} says how many states are tried of each kind of log.
 */
@Execution(ExecutionMode.CONCURRENT)
final class CrashedLogTest {
  /** Most batches are a few of them. */
  private static final int SECTOR_BYTES = 64;

  /** Where there are many lives, each has fewer states. */
  private static final int LARGE_SECTOR_BYTES = 512;

  private static final int STATES_OF_MOMENT = 48;
  private static final int ROUNDS = 24;
  private static final int STEPS_OF_ROUND = 6;

  /** One in so many states is followed by another life, which has crashes of its own. */
  private static final int SECOND_LIVES_PART = 997;

  /** One in so many states is also looked at when the store was compacted. */
  private static final int COMPACTED_PART = 8;

  private static final long DISTINCT_STATES = Long.getLong("crash.states", 20_000);

  @ParameterizedTest
  @EnumSource(names = {"BUFFERED", "SYNCED"})
  void crash_leavesACommit(CommitLog log) {
    long distinct = 0;
    int secondLives = 0;
    for (long seed = 1; distinct < DISTINCT_STATES; seed++) {
      RecordingDisk disk = new RecordingDisk();
      RecordedLife life = RecordedLife.on(disk, log, List.of(Contents.EMPTY));
      life.live(new StoreScript(seed), ROUNDS, STEPS_OF_ROUND);
      CrashStates states = new CrashStates(SECTOR_BYTES, STATES_OF_MOMENT, seed);
      List<Crash> again = new ArrayList<>();
      states.forEach(
          disk,
          crash -> {
            if (states.distinct() % COMPACTED_PART == 0) {
              assertLawful(crash, life);
            } else {
              assertThat(RecordedLife.violationAtOnce(crash.disk(), log, life.lawful(crash)))
                  .as("%s", crash)
                  .isNull();
            }
            if (states.distinct() % SECOND_LIVES_PART == 0) {
              again.add(crash);
            }
          });
      for (Crash crash : again) {
        distinct += crashInTheNextLife(crash.disk(), log, 0, life.lawful(crash), seed);
        secondLives++;
      }
      distinct += states.distinct();
    }

    assertThat(secondLives).isPositive();
  }

  private static void assertLawful(Crash crash, RecordedLife life) {
    assertThat(life.violation(crash)).as("%s", crash).isNull();
  }

  private static long crashInTheNextLife(
      RecordingDisk disk, CommitLog log, int firstOperations, List<Contents> before, long seed) {
    RecordedLife life = RecordedLife.on(disk, log, before);
    life.live(new StoreScript(seed + 100), 3, 6);
    CrashStates states = fewStates(seed);
    states.forEach(disk, firstOperations, crash -> assertLawful(crash, life));
    return states.distinct();
  }

  private static CrashStates fewStates(long seed) {
    return new CrashStates(LARGE_SECTOR_BYTES, STATES_OF_MOMENT / 4, seed);
  }

  /** Nobody knows then what of the log was forced. */
  @ParameterizedTest
  @EnumSource(names = {"BUFFERED", "SYNCED"})
  void powerLoss_mayFollowTheDeathOfTheProcess(CommitLog log) throws IOException {
    RecordingDisk disk = new RecordingDisk();
    RecordedLife life = RecordedLife.on(disk, log, List.of(Contents.EMPTY));
    life.live(new StoreScript(4), 6, 6);

    for (Crash death : fewStates(1).deaths(disk)) {
      RecordingDisk after = RecordingDisk.afterDeathOfProcess(disk, death.operations());
      RecordedLife next = RecordedLife.on(after, log, life.lawful(death));
      next.live(new StoreScript(5), 1, 4);
      fewStates(6)
          .forEach(
              after,
              death.operations(),
              crash -> {
                // Until the next life is open, the marks are those of the one before.
                List<Contents> lawful =
                    crash.marks().isEmpty()
                        ? life.lawful(
                            new Crash(
                                crash.cause(), crash.operations(), death.marks(), crash.files()))
                        : next.lawful(crash);
                assertThat(RecordedLife.violation(crash.disk(), log, lawful))
                    .as("%s", crash)
                    .isNull();
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SYNCED, FORCE_OF_TEMPORARY_FILES",
    "SYNCED, FORCE_OF_SEGMENT_FILES",
    "SYNCED, LATER_FORCES_OF_LOGS",
    "SYNCED, SYNC_AFTER_RENAME",
    "SYNCED, SYNC_AFTER_CREATION_OF_LOGS",
    "BUFFERED, FORCE_OF_TEMPORARY_FILES",
    "BUFFERED, FORCE_OF_SEGMENT_FILES",
    "BUFFERED, LATER_FORCES_OF_LOGS",
    "BUFFERED, SYNC_AFTER_RENAME",
  })
  void diskThatForgets_isFoundOut(CommitLog log, Forgotten forgotten) {
    assertFoundOut(log, disk -> new ForgetfulDisk(disk, forgotten));
  }

  @ParameterizedTest
  @CsvSource({
    "SYNCED, MANIFEST_IN_PLACE",
    "SYNCED, DELETE_BEFORE_RENAME",
    "BUFFERED, MANIFEST_IN_PLACE",
    "BUFFERED, DELETE_BEFORE_RENAME",
  })
  void diskThatIsUnsound_isFoundOut(CommitLog log, UnsoundDisk.Fault fault) {
    assertFoundOut(log, disk -> new UnsoundDisk(disk, fault));
  }

  private static void assertFoundOut(CommitLog log, UnaryOperator<Disk> mutation) {
    RecordingDisk disk = new RecordingDisk();
    RecordedLife life = new RecordedLife(disk, mutation.apply(disk), log, List.of(Contents.EMPTY));
    life.live(new StoreScript(6), ROUNDS, STEPS_OF_ROUND);
    CrashStates states = new CrashStates(SECTOR_BYTES, STATES_OF_MOMENT, 1);

    assertThat(life.firstViolation(states, 0)).isNotNull();
  }
}
