package io.timelog.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.journal.LogWorkload.Acknowledged;
import io.timelog.internal.journal.LogWorkload.Called;
import io.timelog.internal.journal.LogWorkload.Named;
import io.timelog.internal.journal.LogWorkload.Step;
import io.timelog.internal.journal.LoggedStore.Broken;
import io.timelog.internal.storage.disk.CrashStates;
import io.timelog.internal.storage.disk.CrashStates.Cause;
import io.timelog.internal.storage.disk.CrashStates.Crash;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.ForgetfulDisk;
import io.timelog.internal.storage.disk.ForgetfulDisk.Forgotten;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.internal.storage.disk.RecordingDisk.Mark;
import io.timelog.internal.storage.disk.RecordingDisk.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * After a crash at any moment the store has one of the commits that it may have, and exactly that.
 *
 * <p>With {@link SyncPolicy#SYNCED} that is one that returned last, or a later one that was begun.
 * With {@link SyncPolicy#BUFFERED} it is the same if the process died; if the power failed, any
 * from that of the last manifest on.
 */
@Execution(ExecutionMode.CONCURRENT)
final class StoreLogCrashTest {
  private static final int SECTOR = 16;
  private static final int STATES = 60;
  private static final int OPERATIONS = 90;
  private static final int STATES_PER_SECOND_LIFE = 8;
  private static final long SMALL_FILES = 600;
  private static final long ONE_FILE = Long.MAX_VALUE;

  /** A workload on a disk, and how its crashes came out. */
  private static final class Trial {
    final RecordingDisk recording = new RecordingDisk();
    final SyncPolicy policy;
    final LogWorkload workload;
    final Broken[] broken;
    final long fileBytes;
    final CrashStates states = new CrashStates(SECTOR, STATES, 1);
    final List<String> violations = new ArrayList<>();

    Trial(long seed, SyncPolicy policy, long fileBytes, Set<Step> steps, Broken... broken) {
      this.policy = policy;
      this.fileBytes = fileBytes;
      this.workload = new LogWorkload(seed, steps);
      this.broken = broken;
    }

    Trial run(UnaryOperator<Disk> medium, int operations) throws IOException {
      LoggedStore store = new LoggedStore(medium.apply(recording), policy, fileBytes, broken);
      workload.run(store, recording, operations);
      return this;
    }

    Trial crash() {
      states.forEach(recording, this::check);
      return this;
    }

    /** Whether anything is wrong after any crash. */
    boolean isFound() {
      states.forEach(
          recording,
          crash -> {
            if (violations.isEmpty()) {
              check(crash);
            }
          });
      return !violations.isEmpty();
    }

    private void check(Crash crash) {
      if (crash.marks().contains(new Named(0))) {
        check(crash, least(crash), last(crash, Called.class));
      }
    }

    void check(Crash crash, long least, long most) {
      String wrong = recoverAndCompare(crash.disk(), least, most);
      if (wrong != null) {
        violations.add(crash + ": " + wrong);
      }
    }

    private @Nullable String recoverAndCompare(RecordingDisk disk, long least, long most) {
      try (LoggedStore store = new LoggedStore(disk, policy, fileBytes, broken)) {
        long commit = store.lastCommit();
        if (commit < least || commit > most) {
          return "commit " + commit + ", not " + least + ".." + most;
        }
        String expected = workload.contents().get((int) commit);
        if (!store.content().equals(expected)) {
          return "commit " + commit + " is " + store.content() + ", expected " + expected;
        }
        return states.distinct() % STATES_PER_SECOND_LIFE == 0 ? liveAgain(store, disk) : null;
      } catch (IOException | RuntimeException e) {
        return e.toString();
      }
    }

    /** One more commit, and another recovery. */
    private @Nullable String liveAgain(LoggedStore store, RecordingDisk disk) throws IOException {
      store.write(LoggedStore.MAP, Row.put("z", 1, "s", "1"));
      store.commit(store.lastCommit() + 1);
      try (LoggedStore again = new LoggedStore(disk, policy, fileBytes, broken)) {
        return again.content().equals(store.content())
            ? null
            : "second life has " + again.content() + ", expected " + store.content();
      }
    }

    long least(Crash crash) {
      boolean keepsAcknowledged =
          policy == SyncPolicy.SYNCED || crash.cause() == Cause.PROCESS_DEATH;
      return Math.max(
          last(crash, Named.class), keepsAcknowledged ? last(crash, Acknowledged.class) : 0);
    }

    static long last(Crash crash, Class<? extends Record> kind) {
      long last = 0;
      for (Object mark : crash.marks()) {
        if (kind.isInstance(mark)) {
          last = Math.max(last, number(mark));
        }
      }
      return last;
    }

    private static long number(Object mark) {
      return mark instanceof Called called
          ? called.commit()
          : mark instanceof Acknowledged acknowledged
              ? acknowledged.commit()
              : ((Named) mark).commit();
    }
  }

  @ParameterizedTest
  @EnumSource
  void crash_leavesOneOfTheCommitsThatItMay(SyncPolicy policy) throws IOException {
    long distinct = 0;
    for (long fileBytes : new long[] {SMALL_FILES, ONE_FILE}) {
      for (int seed = 1; seed <= 12; seed++) {
        Trial trial =
            new Trial(seed, policy, fileBytes, LogWorkload.all())
                .run(disk -> disk, OPERATIONS)
                .crash();

        assertThat(trial.violations).as("seed %s", seed).isEmpty();
        distinct += trial.states.distinct();
      }
    }
    assertThat(distinct).isGreaterThan(30_000);
  }

  /** What the process that died had not forced is not durable when the power fails after it. */
  @ParameterizedTest
  @EnumSource
  void powerLossInARecovery_losesNothingThatWasRecovered(SyncPolicy policy) throws IOException {
    Trial first =
        new Trial(7, policy, SMALL_FILES, LogWorkload.all()).run(disk -> disk, OPERATIONS);
    int operations = first.recording.operations().size();
    int recoveries = 0;
    for (int died = operations / 3; died <= operations; died += 9) {
      assertThat(crashInRecovery(first, died)).as("died after %s operations", died).isEmpty();
      recoveries++;
    }
    assertThat(recoveries).isGreaterThan(10);
  }

  private static List<String> crashInRecovery(Trial first, int died) throws IOException {
    Crash death = new Crash(Cause.POWER_LOSS, died, marks(first.recording, died), Map.of());
    RecordingDisk disk = RecordingDisk.afterDeathOfProcess(first.recording, died);
    int begun = disk.operations().size();
    LoggedStore store = new LoggedStore(disk, first.policy, SMALL_FILES);
    long commit = store.lastCommit();
    disk.mark(new Named(commit));
    store.write(LoggedStore.MAP, Row.put("z", 1, "s", "1"));
    disk.mark(new Called(commit + 1));
    store.commit(commit + 1);
    disk.mark(new Acknowledged(commit + 1));
    assertThat(commit)
        .isBetween(Trial.last(death, Acknowledged.class), Trial.last(death, Called.class));

    Trial second = new Trial(1, first.policy, SMALL_FILES, LogWorkload.all());
    second.workload.contents().addAll(first.workload.contents().subList(0, (int) commit + 1));
    second.workload.contents().add(store.content());
    new CrashStates(SECTOR, STATES, 1)
        .forEach(
            disk,
            begun,
            crash -> {
              long least = crash.cause() == Cause.PROCESS_DEATH ? commit : first.least(death);
              second.check(
                  crash,
                  Math.max(least, second.least(crash)),
                  Math.max(commit, Trial.last(crash, Called.class)));
            });
    return second.violations;
  }

  private static List<Object> marks(RecordingDisk disk, int operations) {
    List<Object> marks = new ArrayList<>();
    for (Operation operation : disk.operations().subList(0, operations)) {
      if (operation instanceof Mark mark) {
        marks.add(mark.what());
      }
    }
    return marks;
  }

  /** Without rotation and swaps, what is left out are the forces of commits. */
  @ParameterizedTest
  @CsvSource({
    "SYNCED, FIRST_FORCE_OF_LOGS, 600, true",
    "BUFFERED, FIRST_FORCE_OF_LOGS, 600, true",
    "SYNCED, SYNC_AFTER_CREATION_OF_LOGS, 600, false",
    "SYNCED, LATER_FORCES_OF_LOGS, 9223372036854775807, false",
    "BUFFERED, LATER_FORCES_OF_LOGS, 9223372036854775807, true",
    "BUFFERED, LATER_FORCES_OF_LOGS, 600, false",
  })
  void diskThatForgets_isFound(
      SyncPolicy policy, Forgotten forgotten, long fileBytes, boolean withSwaps)
      throws IOException {
    Set<Step> steps = LogWorkload.all();
    if (!withSwaps) {
      steps.remove(Step.SWAP);
    }
    boolean found = false;
    for (int seed = 1; seed <= 10 && !found; seed++) {
      found =
          new Trial(seed, policy, fileBytes, steps)
              .run(disk -> new ForgetfulDisk(disk, forgotten), OPERATIONS)
              .isFound();
    }
    assertThat(found).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void storeThatBreaksARule_isFound(Broken broken) throws IOException {
    SyncPolicy policy =
        broken == Broken.NO_FORCE_BEFORE_SWAP ? SyncPolicy.BUFFERED : SyncPolicy.SYNCED;
    boolean found = false;
    for (int seed = 1; seed <= 20 && !found; seed++) {
      found =
          new Trial(seed, policy, SMALL_FILES, LogWorkload.all(), broken)
              .run(disk -> disk, OPERATIONS)
              .isFound();
    }
    assertThat(found).isTrue();
  }
}
