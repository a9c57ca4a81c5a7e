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
          assertLawful(crash, life);
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

  private static void assertLawful(Crash crash, RecordedLife life) {
    assertThat(life.violation(crash)).as("%s", crash).isNull();
  }

  private static void crashInTheNextLife(
      RecordingDisk disk, CommitLog log, int firstOperations, List<Contents> before, long seed) {
    RecordedLife life = RecordedLife.on(disk, log, before);
    life.live(new StoreScript(seed + 100), 1, 8);
    fewStates(seed).forEach(disk, firstOperations, crash -> assertLawful(crash, life));
  }

  @Test
  void powerLoss_mayFollowTheDeathOfTheProcess() throws IOException {
    RecordingDisk disk = new RecordingDisk();
    RecordedLife life = RecordedLife.on(disk, CommitLog.NONE, List.of(Contents.EMPTY));
    life.live(new StoreScript(4), 4, 12);

    for (Crash death : fewStates(1).deaths(disk)) {
      crashInTheNextLife(
          RecordingDisk.afterDeathOfProcess(disk, death.operations()),
          CommitLog.NONE,
          death.operations(),
          life.lawful(death.marks()),
          5);
    }
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

    assertThat(life.firstViolation(states(1), 0)).isNotNull();
  }

  /** What recovery syncs first, nobody else does: only another crash shows whether it did. */
  @Test
  void recoveryThatForgetsToSync_isFoundOut() throws IOException {
    RecordingDisk disk = new RecordingDisk();
    RecordedLife life = RecordedLife.on(disk, CommitLog.NONE, List.of(Contents.EMPTY));
    life.live(new StoreScript(7), 4, 12);

    String violation = null;
    for (Crash death : fewStates(1).deaths(disk)) {
      RecordingDisk after = RecordingDisk.afterDeathOfProcess(disk, death.operations());
      RecordedLife next =
          new RecordedLife(
              after,
              new ForgetfulDisk(after, Forgotten.FIRST_SYNC),
              CommitLog.NONE,
              life.lawful(death.marks()));
      next.live(new StoreScript(8), 0, 0);
      if (violation == null) {
        violation = next.firstViolation(states(1), death.operations());
      }
    }

    assertThat(violation).isNotNull();
  }
}
