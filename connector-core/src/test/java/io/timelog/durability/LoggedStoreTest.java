package io.timelog.durability;

import static io.timelog.durability.Entries.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.CommitLog;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.journal.LosingDisk;
import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.ForwardingAppendFile;
import io.timelog.internal.storage.disk.ForwardingDisk;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store in a directory does with its commit log, where no crash is needed to see it. */
final class LoggedStoreTest {
  private static final TableOptions EVENTS =
      TableOptions.multimap("events").windowSize(10, 0).build();
  private static final TableOptions STATE = TableOptions.map("state").unbounded().build();

  private final RecordingDisk disk = new RecordingDisk();

  private static TimelogStore.Builder settings(CommitLog log) {
    return TimelogStore.builder().commitLog(log).memoryBudget(MemoryBudget.ofBytes(16 << 20));
  }

  private static TimelogStore open(Disk on, TimelogStore.Builder settings) {
    return StoresOnDisks.open(on, settings, Unwatched.observers());
  }

  private TimelogStore open(CommitLog log) {
    return open(disk, settings(log));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private long files(String ending) {
    return disk.list().stream().filter(name -> name.endsWith(ending)).count();
  }

  @ParameterizedTest
  @EnumSource(names = {"BUFFERED", "SYNCED"})
  void commit_isOneAppend_andIsThereAgain(CommitLog log) {
    try (TimelogStore store = open(log)) {
      Table events = store.openTable(EVENTS);
      Table state = store.openTable(STATE);
      events.append(bytes("a"), 5, bytes("1"));
      state.put(bytes("b"), 7, bytes("2"));
      state.put(bytes("c"), 7, bytes("3"));
      assertThat(store.stats().uncommittedBytes()).isPositive();
      assertThat(store.commit(bytes("first"))).isEqualTo(1);
      state.remove(bytes("c"), 7);
      events.deleteBefore(3);
      assertThat(store.commit(bytes("second"))).isEqualTo(2);
      assertThat(store.commit(bytes("second"))).isEqualTo(2);
      assertThat(store.stats().uncommittedBytes()).isZero();
      assertThat(files(".seg")).isZero();
      assertThat(files(".log")).isEqualTo(1);
    }

    try (TimelogStore store = open(log)) {
      assertThat(read(store.table("events"))).containsExactly("a@5=1");
      assertThat(read(store.table("state"))).containsExactly("b@7=2");
      assertThat(store.table("events").floor()).isEqualTo(3);
      assertThat(store.committedToken())
          .hasValueSatisfying(token -> assertThat(token).isEqualTo(bytes("second")));
      assertThat(store.recovery().commit()).isEqualTo(2);
      assertThat(store.recovery().replayedEntries()).isEqualTo(4);
      assertThat(store.recovery().logBytes()).isPositive();
      assertThat(store.recovery().cutBytes()).isZero();
      assertThat(store.commit(bytes("third"))).isEqualTo(3);
    }
  }

  @Test
  void synced_isTheDefault() {
    RecordingDisk synced = new RecordingDisk();
    try (TimelogStore store =
        open(synced, TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(16 << 20)))) {
      store.openTable(EVENTS).append(bytes("a"), 5, bytes("1"));
      store.commit(bytes("t"));
      List<RecordingDisk.Operation> operations = synced.operations();
      assertThat(operations.get(operations.size() - 1)).isInstanceOf(RecordingDisk.Force.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BUFFERED", "SYNCED"})
  void entriesThatDieBeforeTheCommit_areNeverWritten(CommitLog log) {
    try (TimelogStore store = open(log)) {
      Table events = store.openTable(EVENTS);
      store.commit(bytes("t"));
      long before = store.stats().logBytes();
      for (int i = 0; i < 1000; i++) {
        events.append(bytes("key"), i % 100, new byte[50]);
      }
      events.deleteBefore(100);
      store.commit(bytes("u"));

      assertThat(store.stats().logBytes() - before).isLessThan(300);
    }
  }

  @Test
  void windowOfWhichAPartIsWritten_leavesNothingBehind_whenItsLastEntryIsRemoved() {
    try (TimelogStore store = open(CommitLog.BUFFERED)) {
      Table state = store.openTable(STATE);
      state.put(bytes("a"), 1, bytes("1"));
      store.commit(bytes("t"));
      state.remove(bytes("a"), 1);
      store.commit(bytes("u"));
    }
    try (TimelogStore store = open(CommitLog.BUFFERED)) {
      assertThat(read(store.table("state"))).isEmpty();
    }
  }

  @Test
  void logThatIsTooLong_isFlushed_andItsFilesGo() {
    try (TimelogStore store = open(disk, settings(CommitLog.BUFFERED).logMaxBytes(16 << 10))) {
      Table events = store.openTable(EVENTS);
      for (int i = 0; i < 1000; i++) {
        events.append(bytes("key"), i, new byte[100]);
        store.commit(bytes("t" + i));
        assertThat(store.stats().logBytes()).isLessThan(2 * (16 << 10));
      }
      assertThat(files(".seg")).isPositive();
      assertThat(files(".log")).isLessThanOrEqualTo(12);
      assertThat(store.stats().storageFailures()).isZero();
    }
    try (TimelogStore store = open(CommitLog.BUFFERED)) {
      assertThat(read(store.table("events"))).hasSize(1000);
      assertThat(store.recovery().replayedEntries()).isLessThan(300);
    }
  }

  @Test
  void filesOfDeadWindows_go_withoutAFlush() {
    try (TimelogStore store = open(disk, settings(CommitLog.BUFFERED).logMaxBytes(64 << 10))) {
      Table events = store.openTable(EVENTS);
      for (int i = 0; i < 2000; i++) {
        events.append(bytes("key"), i, new byte[100]);
        events.deleteBefore(i - 50);
        store.commit(bytes("t" + i));
      }
      assertThat(files(".seg")).isZero();
      assertThat(store.stats().logBytes()).isLessThan(64 << 10);
    }
  }

  @Test
  void modes_mayChangeFromOneLifeToTheNext() {
    List<String> expected = new ArrayList<>();
    CommitLog[] modes = {
      CommitLog.NONE,
      CommitLog.SYNCED,
      CommitLog.BUFFERED,
      CommitLog.NONE,
      CommitLog.BUFFERED,
      CommitLog.SYNCED
    };
    for (int life = 0; life < modes.length; life++) {
      try (TimelogStore store = open(modes[life])) {
        Table events = store.openTable(EVENTS);
        assertThat(read(events)).isEqualTo(expected);
        events.append(bytes("k"), life, bytes("v" + life));
        expected.add("k@" + life + "=v" + life);
        assertThat(store.commit(bytes("t" + life))).isEqualTo(life + 1);
        events.append(bytes("k"), 100, bytes("lost"));
      }
    }
  }

  @Test
  void commitAll_commitsEach_andTellsWhichDidNot() {
    FlakyDisk flaky = new FlakyDisk(new RecordingDisk());
    Map<TimelogStore, byte[]> tokens = new LinkedHashMap<>();
    try (TimelogStore first = open(CommitLog.SYNCED);
        TimelogStore refused = open(flaky, settings(CommitLog.SYNCED));
        TimelogStore none = open(new RecordingDisk(), settings(CommitLog.NONE))) {
      for (TimelogStore store : List.of(refused, first, none)) {
        store.openTable(EVENTS).append(bytes("a"), 5, bytes("1"));
        tokens.put(store, bytes("t"));
      }
      flaky.failsForces = true;
      assertThatThrownBy(() -> TimelogStore.commitAll(tokens))
          .isInstanceOf(TimelogStorageException.class);

      assertThat(first.committedToken()).isPresent();
      assertThat(none.committedToken()).isPresent();
      assertThat(refused.committedToken()).isEmpty();
      flaky.failsForces = false;
      TimelogStore.commitAll(tokens);
      assertThat(refused.committedToken()).isPresent();
    }
  }

  @Test
  void commitThatIsRefused_leavesTheStoreAsItWas_andTheNextHasAll() {
    FlakyDisk flaky = new FlakyDisk(disk);
    try (TimelogStore store = open(flaky, settings(CommitLog.SYNCED))) {
      Table events = store.openTable(EVENTS);
      events.append(bytes("a"), 1, bytes("1"));
      flaky.failsForces = true;
      assertThatThrownBy(() -> store.commit(bytes("t")))
          .isInstanceOf(TimelogStorageException.class)
          .hasMessageStartingWith("The commit did not succeed, nothing of the store is lost");
      assertThat(store.stats().storageFailures()).isEqualTo(1);
      assertThat(store.committedToken()).isEmpty();
      assertThat(read(events)).containsExactly("a@1=1");
      events.append(bytes("a"), 2, bytes("2"));
      flaky.failsForces = false;
      store.commit(bytes("u"));
    }
    try (TimelogStore store = open(CommitLog.SYNCED)) {
      assertThat(read(store.table("events"))).containsExactly("a@1=1", "a@2=2");
    }
  }

  @Test
  void logOfWhichAForceHasLostSomething_beginsAnew() {
    FlakyDisk flaky = new FlakyDisk(disk);
    LosingDisk losing = new LosingDisk(flaky);
    try (TimelogStore store = open(losing, settings(CommitLog.BUFFERED))) {
      Table events = store.openTable(EVENTS);
      events.append(bytes("a"), 1, bytes("1"));
      store.commit(bytes("t"));
      events.append(bytes("a"), 2, bytes("2"));
      store.commit(bytes("u"));
      flaky.failsForces = true;
      store.flush();
      failForces(store, flaky, events);
      losing.losesEverythingFrom(100);
      flaky.failsForces = false;
      events.append(bytes("a"), 4, bytes("4"));
      store.commit(bytes("w"));
      losing.losesEverythingFrom(Long.MAX_VALUE);
      events.append(bytes("a"), 5, bytes("5"));
      store.commit(bytes("x"));
    }
    try (TimelogStore store = open(CommitLog.BUFFERED)) {
      assertThat(read(store.table("events")))
          .containsExactly("a@1=1", "a@2=2", "a@3=3", "a@4=4", "a@5=5");
      assertThat(store.committedToken())
          .hasValueSatisfying(token -> assertThat(token).isEqualTo(bytes("x")));
    }
  }

  /** Writes until a file of the log is full, which is forced then. */
  private static void failForces(TimelogStore store, FlakyDisk flaky, Table events) {
    events.append(bytes("a"), 3, bytes("3"));
    Table filler = store.openTable(TableOptions.map("filler").unbounded().build());
    assertThatThrownBy(
            () -> {
              while (true) {
                filler.put(bytes("k"), 1, new byte[200_000]);
                store.commit(bytes("v"));
              }
            })
        .isInstanceOf(TimelogStorageException.class);
    assertThat(flaky.failsForces).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"BUFFERED", "SYNCED"})
  void fullBudget_doesNotKeepFromCommitting(CommitLog log) {
    TimelogStore.Builder settings =
        TimelogStore.builder().commitLog(log).memoryBudget(MemoryBudget.ofBytes(2 << 20));
    int entries = 0;
    try (TimelogStore store = open(disk, settings)) {
      Table state = store.openTable(STATE);
      // What does not fit leaves memory, so this may go on for long.
      boolean full = false;
      while (!full && entries < 40_000) {
        try {
          state.put(bytes("key" + entries), entries, new byte[100]);
          entries++;
        } catch (MemoryBudgetExceededException e) {
          full = true;
        }
        if (entries % 100 == 0) {
          store.commit(bytes("t" + entries));
        }
      }
      assertThatCode(() -> store.commit(bytes("full"))).doesNotThrowAnyException();
      state.remove(bytes("key0"), 0);
      assertThatCode(() -> store.commit(bytes("less"))).doesNotThrowAnyException();
    }
    assertThat(entries).isGreaterThan(1000);
    try (TimelogStore store = open(disk, settings)) {
      // One by one: a scan by key stands on a page of each of these many windows.
      Table state = store.table("state");
      assertThat(state.get(bytes("key0"), 0)).isNull();
      for (int i = 1; i < entries; i++) {
        assertThat(state.get(bytes("key" + i), i)).as("entry %s", i).hasSize(100);
      }
    }
  }

  /** Each window that was written to has a slab of 4 KiB until the next commit, or until then. */
  @Test
  void manyTinyWindows_giveTheirMemoryUp_whenItIsNeeded() {
    TimelogStore.Builder settings =
        TimelogStore.builder()
            .commitLog(CommitLog.BUFFERED)
            .memoryBudget(MemoryBudget.ofBytes(8 << 20));
    try (TimelogStore store = open(disk, settings)) {
      Table events = store.openTable(EVENTS);
      for (int window = 0; window < 700; window++) {
        events.append(bytes("k"), window * 10L, bytes("v"));
      }
      assertThat(store.stats().uncommittedBytes()).isLessThan(128 * 200);
      store.commit(bytes("t"));
    }
    try (TimelogStore store = open(disk, settings)) {
      assertThat(read(store.table("events"))).hasSize(700);
    }
  }

  @Test
  void tablesAreMadeAndDropped_withTheirEntries() {
    try (TimelogStore store = open(CommitLog.SYNCED)) {
      store.createTable(EVENTS).append(bytes("a"), 1, bytes("1"));
      store.commit(bytes("t"));
      store.dropTable("events");
      store.createTable(EVENTS).append(bytes("b"), 2, bytes("2"));
      store.createTable(STATE);
      store.commit(bytes("u"));
      store.dropTable("state");
    }
    try (TimelogStore store = open(CommitLog.SYNCED)) {
      assertThat(store.tables()).containsExactlyInAnyOrder("events", "state");
      assertThat(read(store.table("events"))).containsExactly("b@2=2");
    }
  }

  @Test
  void filesThatOnlyTheLastCommitNeeds_areCounted() {
    try (TimelogStore store = open(CommitLog.NONE)) {
      Table events = store.openTable(EVENTS);
      events.append(bytes("a"), 1, new byte[1000]);
      store.commit(bytes("t"));
      assertThat(store.stats().retainedBytes()).isZero();
      events.deleteBefore(100);
      assertThat(store.stats().retainedBytes()).isGreaterThan(1000);
      store.commit(bytes("u"));
      assertThat(store.stats().retainedBytes()).isZero();
    }
  }

  /** A disk of which forces of the log fail while a test says so. */
  private static final class FlakyDisk extends ForwardingDisk {
    private volatile boolean failsForces;

    FlakyDisk(Disk disk) {
      super(disk);
    }

    @Override
    public AppendFile create(String name) throws IOException {
      AppendFile file = super.create(name);
      return name.endsWith(".log") ? new FlakyFile(file) : file;
    }

    private final class FlakyFile extends ForwardingAppendFile {
      FlakyFile(AppendFile file) {
        super(file);
      }

      @Override
      public void force() throws IOException {
        if (failsForces) {
          throw new IOException("Input/output error");
        }
        super.force();
      }
    }
  }
}
