package io.timelog.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.CommitLog;
import io.timelog.internal.storage.disk.CrashStates;
import io.timelog.internal.storage.disk.CrashStates.Cause;
import io.timelog.internal.storage.disk.CrashStates.Crash;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.ForgetfulDisk;
import io.timelog.internal.storage.disk.ForgetfulDisk.Forgotten;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A crash leaves the last commit that returned, or the one that was under way, and nothing in
 * between: in every state in which the process may die or the power may fail, again during
 * recovery, and in the life that follows.
 */
final class CrashedStoreTest {
  private static final int SECTOR_BYTES = 512;

  /** Where there are many lives, each has fewer states: most files are one sector. */
  private static final int LARGE_SECTOR_BYTES = 4096;

  private static final int STATES_OF_MOMENT = 64;

  /** One in so many states is followed by another life, which has crashes of its own. */
  private static final int SECOND_LIVES_PART = 199;

  private static CrashStates states(long seed) {
    return new CrashStates(SECTOR_BYTES, STATES_OF_MOMENT, seed);
  }

  private static CrashStates fewStates(long seed) {
    return new CrashStates(LARGE_SECTOR_BYTES, STATES_OF_MOMENT / 4, seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void crash_leavesACommit(long seed) {
    RecordingDisk disk = new RecordingDisk();
    RecordedLife life = RecordedLife.on(disk, CommitLog.NONE, List.of(Contents.EMPTY));
    life.live(new StoreScript(seed), 8, 12);

    CrashStates states = states(seed);
    List<Crash> again = new ArrayList<>();
    states.forEach(
        disk,
        crash -> {
          assertLawful(crash, life, CommitLog.NONE);
          if (states.distinct() % SECOND_LIVES_PART == 0) {
            again.add(crash);
          }
        });

    assertThat(states.distinct()).isGreaterThan(500);
    assertThat(again).isNotEmpty();
    for (Crash crash : again) {
      crashInTheNextLife(crash.disk(), CommitLog.NONE, 0, life.lawful(crash), seed);
    }
  }

  private static void assertLawful(Crash crash, RecordedLife life, CommitLog log) {
    assertThat(RecordedLife.violation(crash.disk(), log, life.lawful(crash)))
        .as("%s", crash)
        .isNull();
  }

  private static void crashInTheNextLife(
      RecordingDisk disk, CommitLog log, int firstOperations, List<Contents> before, long seed) {
    RecordedLife life = RecordedLife.on(disk, log, before);
    life.live(new StoreScript(seed + 100), 1, 8);
    fewStates(seed).forEach(disk, firstOperations, crash -> assertLawful(crash, life, log));
  }

  @Test
  void powerLoss_mayFollowTheDeathOfTheProcess() throws IOException {
    RecordingDisk disk = new RecordingDisk();
    RecordedLife life = RecordedLife.on(disk, CommitLog.NONE, List.of(Contents.EMPTY));
    life.live(new StoreScript(4), 4, 12);

    for (Crash death : deaths(disk)) {
      crashInTheNextLife(
          RecordingDisk.afterDeathOfProcess(disk, death.operations()),
          CommitLog.NONE,
          death.operations(),
          life.lawful(death.marks()),
          5);
    }
  }

  /** The process dies between two operations, each of them. */
  private static List<Crash> deaths(RecordingDisk disk) {
    List<Crash> deaths = new ArrayList<>();
    fewStates(1)
        .forEach(
            disk,
            crash -> {
              boolean isNext =
                  deaths.isEmpty()
                      || deaths.get(deaths.size() - 1).operations() < crash.operations();
              if (crash.cause() == Cause.PROCESS_DEATH && isNext) {
                deaths.add(crash);
              }
            });
    return deaths;
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_NONE,
      names = {"FIRST_SYNC", ".*LOGS"})
  void diskThatForgets_isFoundOut(Forgotten forgotten) {
    assertFoundOut(CommitLog.NONE, disk -> new ForgetfulDisk(disk, forgotten));
  }

  @ParameterizedTest
  @EnumSource
  void diskThatIsUnsound_isFoundOut(UnsoundDisk.Fault fault) {
    assertFoundOut(CommitLog.NONE, disk -> new UnsoundDisk(disk, fault));
  }

  private static void assertFoundOut(CommitLog log, UnaryOperator<Disk> mutation) {
    RecordingDisk disk = new RecordingDisk();
    RecordedLife life = new RecordedLife(disk, mutation.apply(disk), log, List.of(Contents.EMPTY));
    life.live(new StoreScript(6), 4, 12);

    assertThat(firstViolation(disk, log, 0, life)).isNotNull();
  }

  /** What recovery syncs first, nobody else does: only another crash shows whether it did. */
  @Test
  void recoveryThatForgetsToSync_isFoundOut() throws IOException {
    RecordingDisk disk = new RecordingDisk();
    RecordedLife life = RecordedLife.on(disk, CommitLog.NONE, List.of(Contents.EMPTY));
    life.live(new StoreScript(7), 4, 12);

    String violation = null;
    for (Crash death : deaths(disk)) {
      RecordingDisk after = RecordingDisk.afterDeathOfProcess(disk, death.operations());
      RecordedLife next =
          new RecordedLife(
              after,
              new ForgetfulDisk(after, Forgotten.FIRST_SYNC),
              CommitLog.NONE,
              life.lawful(death.marks()));
      next.live(new StoreScript(8), 0, 0);
      if (violation == null) {
        violation = firstViolation(after, CommitLog.NONE, death.operations(), next);
      }
    }

    assertThat(violation).isNotNull();
  }

  private static @Nullable String firstViolation(
      RecordingDisk disk, CommitLog log, int firstOperations, RecordedLife life) {
    @Nullable String[] first = {null};
    states(1)
        .forEach(
            disk,
            firstOperations,
            crash -> {
              if (first[0] == null) {
                first[0] = RecordedLife.violation(crash.disk(), log, life.lawful(crash));
              }
            });
    return first[0];
  }
}
