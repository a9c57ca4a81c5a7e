package io.timelog.durability;

import static io.timelog.durability.Entries.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.timelog.Codecs;
import io.timelog.CommitLog;
import io.timelog.MemoryBudget;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.CrashStates;
import io.timelog.internal.storage.disk.CrashStates.Cause;
import io.timelog.internal.storage.disk.CrashStates.Crash;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.FailingDisk;
import io.timelog.internal.storage.disk.FailingDisk.Fault;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A store that gives up its last commit goes on, and is empty after a crash. */
final class ForgottenCommitTest {
  private static final TableOptions EVENTS =
      TableOptions.multimap("events").windowSize(10, 0).build();

  /** What the store has committed, by its token. */
  private static final String ONE = "one: [a@5=1, a@15=2]";

  private static final String TWO = "two: [a@5=1, a@15=2, a@25=3, a@35=4]";
  private static final String NOTHING = "nothing";

  @TempDir private Path temporary;

  private static TimelogStore.Builder settings(CommitLog log) {
    return TimelogStore.builder()
        .commitLog(log)
        .memoryBudget(MemoryBudget.ofBytes(16 << 20))
        .logMaxBytes(4096);
  }

  private static TimelogStore open(Disk disk, CommitLog log) {
    return StoresOnDisks.open(disk, settings(log), Unwatched.observers());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void append(TimelogStore store, long timestamp, String value) {
    store.openTable(EVENTS).append(bytes("a"), timestamp, bytes(value));
  }

  private static String contents(TimelogStore store) {
    return store.tables().isEmpty() && store.committedToken().isEmpty()
        ? NOTHING
        : store.committedToken().map(token -> new String(token, UTF_8)).orElse("no token")
            + ": "
            + read(store.table("events"));
  }

  private static String contents(Disk disk, CommitLog log) {
    try (TimelogStore store = open(disk, log)) {
      return contents(store);
    }
  }

  private static void commitOne(TimelogStore store) {
    append(store, 5, "1");
    append(store, 15, "2");
    store.commit(bytes("one"));
  }

  @ParameterizedTest
  @EnumSource
  void storeGoesOn_andIsEmptyWhenItIsOpenedAgain(CommitLog log) {
    RecordingDisk disk = new RecordingDisk();
    try (TimelogStore store = open(disk, log)) {
      commitOne(store);

      store.forgetCommit();

      assertThat(store.committedToken()).isEmpty();
      assertThat(read(store.table("events"))).containsExactly("a@5=1", "a@15=2");
      append(store, 25, "3");
      store.flush();
      assertThat(read(store.table("events"))).hasSize(3);
    }
    assertThat(disk.list()).noneMatch(name -> name.endsWith(".seg"));
    try (TimelogStore store = open(disk, log)) {
      assertThat(contents(store)).isEqualTo(NOTHING);
      assertThat(store.recovery().commit()).isZero();
      commitOne(store);
    }
    assertThat(contents(disk, log)).isEqualTo(ONE);
  }

  @ParameterizedTest
  @EnumSource
  void nextCommit_hasEverything(CommitLog log) {
    RecordingDisk disk = new RecordingDisk();
    try (TimelogStore store = open(disk, log)) {
      commitOne(store);
      append(store, 25, "3");
      store.forgetCommit();
      append(store, 35, "4");

      store.commit(bytes("two"));

      assertThat(contents(store)).isEqualTo(TWO);
    }
    assertThat(contents(disk, log)).isEqualTo(TWO);
  }

  /** It has nothing new, but there is no other one. */
  @ParameterizedTest
  @EnumSource
  void nextCommit_mayBeTheSameOnceMore(CommitLog log) {
    RecordingDisk disk = new RecordingDisk();
    try (TimelogStore store = open(disk, log)) {
      commitOne(store);
      store.forgetCommit();
      store.commit(bytes("one"));
    }
    assertThat(contents(disk, log)).isEqualTo(ONE);
  }

  @ParameterizedTest
  @EnumSource
  void commitsOfManyLaps_areForgotten_whateverMaintenanceHasLeft(CommitLog log) {
    RecordingDisk disk = new RecordingDisk();
    try (TimelogStore store = open(disk, log)) {
      store.startMaintenance();
      for (int lap = 0; lap < 40; lap++) {
        for (int i = 0; i < 20; i++) {
          append(store, 10L * lap + i, "x".repeat(50));
          store.commit(bytes(lap + "." + i));
        }
        store.table("events").deleteBefore(10L * lap - 30);
        store.forgetCommit();
      }
    }
    assertThat(contents(disk, log)).isEqualTo(NOTHING);
  }

  @Test
  void filesThatOnlyTheCommitNeeds_go() {
    RecordingDisk disk = new RecordingDisk();
    try (TimelogStore store = open(disk, CommitLog.NONE)) {
      commitOne(store);
      store.table("events").deleteBefore(20);
      store.compact();
      assertThat(store.stats().retainedBytes()).isPositive();

      store.forgetCommit();

      assertThat(store.stats().retainedBytes()).isZero();
      assertThat(disk.list()).noneMatch(name -> name.endsWith(".seg"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void crash_leavesTheCommitUntilItIsForgotten_andNothingAfterThat(CommitLog log) {
    RecordingDisk disk = new RecordingDisk();
    try (TimelogStore store = open(disk, log)) {
      disk.mark("open");
      store.openTable(EVENTS);
      append(store, 5, "1");
      append(store, 15, "2");
      disk.mark("one called");
      store.commit(bytes("one"));
      disk.mark("one");
      append(store, 25, "3");
      disk.mark("forgetting");
      store.forgetCommit();
      disk.mark("forgotten");
      append(store, 35, "4");
      disk.mark("two called");
      store.commit(bytes("two"));
      disk.mark("two");
    }
    List<String> seen = new ArrayList<>();
    new CrashStates(64, 60, 1)
        .forEach(
            disk,
            crash -> {
              String found = contents(crash.disk(), log);
              assertThat(found).as("%s, %s", crash, crash.marks()).isIn(lawful(crash, log));
              seen.add(found);
            });

    assertThat(seen).contains(NOTHING, ONE, TWO);
  }

  private static List<String> lawful(Crash crash, CommitLog log) {
    List<Object> marks = crash.marks();
    if (marks.contains("two")) {
      return List.of(TWO);
    }
    if (marks.contains("two called")) {
      return List.of(NOTHING, TWO);
    }
    if (marks.contains("forgotten") || !marks.contains("one called")) {
      return List.of(NOTHING);
    }
    boolean keepsOne =
        marks.contains("one")
            && !marks.contains("forgetting")
            && (log != CommitLog.BUFFERED || crash.cause() == Cause.PROCESS_DEATH);
    return keepsOne ? List.of(ONE) : List.of(NOTHING, ONE);
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, NO_SPACE", "NONE, IO_ERROR", "NONE, FAILED_FORCE",
    "SYNCED, NO_SPACE", "SYNCED, IO_ERROR", "SYNCED, FAILED_FORCE",
  })
  void diskThatRefuses_losesNothing(CommitLog log, Fault fault) {
    int refusals = 0;
    boolean failed = true;
    for (int call = 1; failed; call++) {
      RecordingDisk disk = new RecordingDisk();
      try (TimelogStore store = open(disk, log)) {
        commitOne(store);
      }
      FailingDisk failing = new FailingDisk(disk, fault, call);
      try (TimelogStore store = open(failing, log)) {
        append(store, 25, "3");
        boolean forgotten = forget(store);
        refusals += forgotten ? 0 : 1;
        assertThat(contents(new RecordingDisk(disk.files()), log))
            .isIn(forgotten ? List.of(NOTHING) : List.of(NOTHING, ONE));
        append(store, 35, "4");
        store.commit(bytes("two"));
      } catch (TimelogStorageException refusedBefore) {
        // It could not be opened, or not commit.
        continue;
      } finally {
        failed = failing.hasFailed();
      }
      assertThat(contents(disk, log)).as("call %s", call).isEqualTo(TWO);
    }
    assertThat(refusals).isPositive();
  }

  private static boolean forget(TimelogStore store) {
    try {
      store.forgetCommit();
      assertThat(store.committedToken()).isEmpty();
      return true;
    } catch (TimelogStorageException refused) {
      assertThat(refused).hasMessageContaining("perhaps not forgotten");
      assertThat(contents(store)).isEqualTo("one: [a@5=1, a@15=2, a@25=3]");
      return false;
    }
  }

  @Test
  void log_forgetsAndGoesOn_andIsEmptyWhenItIsReopened() {
    Path directory = temporary.resolve("log");
    Timelog<String> log = Timelog.builder(Codecs.utf8()).directory(directory).build();
    log.append(1, "a");
    log.commit(bytes("one"));

    log.forgetCommit();

    assertThat(log.committedToken()).isEmpty();
    assertThat(log.count(TimeRange.all())).isOne();
    try (Timelog<String> again = log.reopen()) {
      assertThat(again.count(TimeRange.all())).isZero();
    }
    assertThat(TimelogStore.committedToken(directory)).isEmpty();
    assertThat(TimelogStore.verify(directory).isSound()).isTrue();
  }

  @Test
  void storeInMemory_hasNothingToForget() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      assertThatIllegalStateException()
          .isThrownBy(store::forgetCommit)
          .withMessageContaining("in memory only");
    }
  }

  @Test
  void dropListener_mustNotForget() {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<TimelogStore> own = new AtomicReference<>();
    try (TimelogStore store = open(new RecordingDisk(), CommitLog.NONE)) {
      own.set(store);
      Table table =
          store.createTable(
              TableOptions.multimap("heard")
                  .windowSize(10, 0)
                  .dropListener(
                      (key, timestamp, subkey, value) -> {
                        try {
                          own.get().forgetCommit();
                        } catch (RuntimeException e) {
                          thrown.set(e);
                        }
                      })
                  .build());
      table.append(bytes("a"), 5, bytes("1"));
      table.deleteBefore(10);
      store.flush();
    }
    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
  }
}
