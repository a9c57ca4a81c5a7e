package io.timelog.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.storage.disk.CrashStates;
import io.timelog.internal.storage.disk.CrashStates.Cause;
import io.timelog.internal.storage.disk.CrashStates.Crash;
import io.timelog.internal.storage.disk.FailingDisk;
import io.timelog.internal.storage.disk.FailingDisk.Fault;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The k-th call of the disk fails, for every k, and the log goes on. */
final class StoreLogFailureTest {
  private static final int COMMITS = 8;
  private static final long SMALL_FILES = 400;

  /** What was done to a log of which one call failed. */
  private static final class Run {
    final RecordingDisk recording = new RecordingDisk();
    final SyncPolicy policy;
    final FailingDisk failing;

    /** Rows that were written, by the number of the commit that they were first meant for. */
    final List<Integer> rows = new ArrayList<>();

    /** How many rows each commit had, by its number; -1 if it failed. */
    final List<Integer> rowsOfCommits = new ArrayList<>(List.of(0));

    int failures;

    Run(SyncPolicy policy, Fault fault, int call) {
      this.policy = policy;
      failing = new FailingDisk(recording, fault, call);
    }

    /** Begins the log with a disk that does not fail, so that there is a manifest. */
    LogManifest run(IntPredicate forceAfter) throws IOException {
      try (LogOnDisk on = new LogOnDisk(failing, policy, SMALL_FILES)) {
        LogManifest manifest = on.manifest(0);
        recording.mark("manifest");
        for (int commit = 1; commit <= COMMITS; commit++) {
          commit(on, commit, forceAfter.test(commit));
        }
        assertThat(on.pending.isEmpty()).isEqualTo(rowsOfCommits.get(COMMITS) >= 0);
        return manifest;
      }
    }

    private void commit(LogOnDisk on, int number, boolean forced) {
      write(on, 2 * number);
      if (number % 3 == 1) {
        attempt(on.log::relieve);
      }
      write(on, 2 * number + 1);
      long pendingBefore = on.pending.bytes();
      recording.mark(number);
      rowsOfCommits.add(rows.size());
      boolean succeeds = attempt(() -> on.log.commit(number, LogOnDisk.token(number)));
      if (succeeds) {
        recording.mark(-number);
      } else {
        // It fails whole. What was a part before is one still.
        assertThat(on.pending.bytes()).isEqualTo(pendingBefore);
        rowsOfCommits.set(number, -rows.size());
      }
      if (forced && succeeds) {
        attempt(on.log::force);
      }
    }

    private void write(LogOnDisk on, int value) {
      Row.append("k", value, "v").writeTo(on.pending.window(LogOnDisk.window(value)));
      rows.add(value);
    }

    private interface Action {
      void run() throws IOException;
    }

    private boolean attempt(Action action) {
      Throwable failure = catchThrowable(action::run);
      if (failure == null) {
        return true;
      }
      assertThat(failure).isInstanceOf(IOException.class).isNotInstanceOf(LogLostException.class);
      failures++;
      return false;
    }

    /** What is wrong with what is found on a disk; null if nothing is. */
    @Nullable String check(RecordingDisk disk, LogManifest manifest, int least, int most) {
      try {
        RecoveredLog found = LogOnDisk.recover(disk, manifest);
        SeenLog seen = new SeenLog();
        found.replay(seen);
        int commit = (int) found.commit();
        if (commit < least || commit > most) {
          return "commit " + commit + ", not " + least + ".." + most;
        }
        List<String> expected =
            rows.subList(0, Math.abs(rowsOfCommits.get(commit))).stream()
                .map(row -> "k@" + row + "=v")
                .toList();
        List<String> actual = seen.lines.stream().filter(line -> line.startsWith("k@")).toList();
        return actual.equals(expected) ? null : "commit " + commit + " has " + actual;
      } catch (IOException | RuntimeException e) {
        return e.toString();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SYNCED, NO_SPACE", "SYNCED, IO_ERROR", "SYNCED, SHORT_WRITE", "SYNCED, FAILED_FORCE",
    "BUFFERED, NO_SPACE", "BUFFERED, IO_ERROR", "BUFFERED, SHORT_WRITE", "BUFFERED, FAILED_FORCE",
  })
  void failure_failsWhole_andTheLogGoesOn(SyncPolicy policy, Fault fault) throws IOException {
    int states = 0;
    int calls = 0;
    for (int call = 1; ; call++) {
      Run run = new Run(policy, fault, call);
      LogManifest manifest;
      try {
        manifest = run.run(commit -> commit % 3 == 0);
      } catch (IOException notBegun) {
        assertThat(run.recording.operations()).doesNotContain(new RecordingDisk.Mark("manifest"));
        continue;
      }
      if (!run.failing.hasFailed()) {
        assertThat(run.failures).isZero();
        calls = call;
        break;
      }
      assertThat(run.failures).as("call %s", call).isLessThanOrEqualTo(1);

      // A crash at any moment, before the failure and after it.
      List<String> wrong = new ArrayList<>();
      CrashStates crashes = new CrashStates(16, 30, call);
      crashes.forEach(run.recording, crash -> check(run, manifest, crash, wrong));
      assertThat(wrong).as("call %s", call).isEmpty();
      states += (int) crashes.distinct();
    }
    assertThat(calls).isGreaterThan(3);
    assertThat(states).isGreaterThan(100 * calls);
  }

  private static void check(Run run, LogManifest manifest, Crash crash, List<String> wrong) {
    if (!crash.marks().contains("manifest")) {
      return;
    }
    int called = 0;
    int acknowledged = 0;
    for (Object mark : crash.marks()) {
      if (mark instanceof Integer number) {
        called = Math.max(called, number);
        acknowledged = Math.max(acknowledged, -number);
      }
    }
    boolean keeps = run.policy == SyncPolicy.SYNCED || crash.cause() == Cause.PROCESS_DEATH;
    String found = run.check(crash.disk(), manifest, keeps ? acknowledged : 0, called);
    if (found != null) {
      wrong.add(crash + ": " + found);
    }
  }

  @Test
  void force_failsUntilAnotherFileIsBegun_whichHasWhatWasNotDurable() throws IOException {
    RecordingDisk recording = new RecordingDisk();
    // The third force and sync is that of the test.
    FailingDisk failing = new FailingDisk(recording, Fault.FAILED_FORCE, 3);
    try (LogOnDisk on = new LogOnDisk(failing, SyncPolicy.BUFFERED, Long.MAX_VALUE)) {
      on.commitRow(1, "a");
      assertThatThrownBy(on.log::force).hasMessage("Input/output error: call=FORCE");
      assertThatThrownBy(on.log::force).isInstanceOf(IOException.class);

      on.commitRow(2, "b");
      on.log.force();

      assertThat(on.log.files())
          .containsExactly(new LogEntry(1, 64), new LogEntry(2, LogEntry.OPEN));
      assertThat(LogOnDisk.seen(recording, on.manifest(2)))
          .contains("k@1=a", "commit 1 t1", "k@2=b", "commit 2 t2");
    }
  }

  @Test
  void whatCannotBeReadBack_isLost_andALogStartsAnew() throws IOException {
    RecordingDisk recording = new RecordingDisk();
    FailingDisk failing = new FailingDisk(recording, Fault.FAILED_FORCE, 3);
    LosingDisk losing = new LosingDisk(failing);
    try (LogOnDisk on = new LogOnDisk(losing, SyncPolicy.BUFFERED, Long.MAX_VALUE)) {
      on.commitRow(1, "a");
      assertThatThrownBy(on.log::force).isInstanceOf(IOException.class);
      losing.losesEverythingFrom(64);

      Row.append("k", 2, "b").writeTo(on.pending.window(LogOnDisk.window(2)));
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> on.log.commit(2, LogOnDisk.token(2)))
            .isInstanceOf(LogLostException.class)
            .hasMessage(
                "The log cannot go on, a file that failed does not have what was written to it:"
                    + " source=0000000000000001.log@64");
      }
      assertThat(recording.list()).containsExactly("0000000000000001.log");

      on.log.startAnew(3, LogOnDisk.token(3));
      on.commitRow(4, "c");
      assertThat(LogOnDisk.seen(recording, on.manifest(4)))
          .contains("commit 3 t3", "k@2=b", "k@4=c", "commit 4 t4");
    }
  }

  @Test
  void earlyWriteThatFails_isNotFelt_andNotTriedAgainAtOnce() throws IOException {
    RecordingDisk recording = new RecordingDisk();
    FailingDisk failing = new FailingDisk(recording, Fault.SHORT_WRITE, 2);
    try (LogOnDisk on = new LogOnDisk(failing, SyncPolicy.SYNCED, Long.MAX_VALUE)) {
      PendingWindow window = on.pending.window(LogOnDisk.window(1));
      Row.append("k", 1, "x".repeat(300_000)).writeTo(window);
      on.log.writeEarly();
      assertThat(failing.hasFailed()).isTrue();
      int before = recording.operations().size();
      on.log.writeEarly();

      assertThat(on.pending.bytes()).isGreaterThan(300_000);
      assertThat(recording.operations()).hasSize(before);
      Row.append("k", 2, "x".repeat(300_000)).writeTo(window);
      on.log.writeEarly();
      assertThat(on.pending.isEmpty()).isTrue();
      on.log.commit(1, LogOnDisk.token(1));
      assertThat(LogOnDisk.seen(recording, on.manifest(1))).hasSize(4);
    }
  }
}
