package io.timelog.durability;

import static io.timelog.durability.Entries.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.Codecs;
import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.Entry;
import io.timelog.EntryFilter;
import io.timelog.EntryIterator;
import io.timelog.LateEntries;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.StoreExport;
import io.timelog.StoreLockedException;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimePrecision;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogBuilder;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.CrashStates;
import io.timelog.internal.storage.disk.FailingDisk;
import io.timelog.internal.storage.disk.FailingDisk.Fault;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store in a directory: what is there when it is opened again, and who may have it. */
final class DirectoryStoreTest {
  private static final TableOptions EVENTS =
      TableOptions.multimap("events").windowSize(10, 0).build();
  private static final TableOptions STATE = TableOptions.map("state").unbounded().build();

  @TempDir private Path temporary;

  private Path directory() {
    return temporary.resolve("above").resolve("store");
  }

  private TimelogStore open() {
    return TimelogStore.open(directory(), settings());
  }

  private static TimelogStore.Builder settings() {
    return TimelogStore.builder().name("orders").commitLog(CommitLog.NONE);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void newDirectory_isAnEmptyStore() throws IOException {
    try (TimelogStore store = open()) {
      assertThat(store.tables()).isEmpty();
      assertThat(store.committedToken()).isEmpty();
      assertThat(store.recovery().commit()).isZero();
    }
    assertThat(files()).containsExactly("LOCK", "MANIFEST-0000000000000001");
  }

  @Test
  void committedEntries_areThereAgain_withTheToken() {
    try (TimelogStore store = open()) {
      Table events = store.openTable(EVENTS);
      Table state = store.openTable(STATE);
      events.append(bytes("a"), 5, bytes("1"));
      events.append(bytes("a"), 25, bytes("2"));
      state.put(bytes("b"), 7, bytes("3"));
      assertThat(store.commit(bytes("first"))).isEqualTo(1);
      state.put(bytes("b"), 7, bytes("4"));
      assertThat(store.commit(bytes("second"))).isEqualTo(2);
      assertThat(store.committedToken())
          .hasValueSatisfying(t -> assertThat(t).isEqualTo(bytes("second")));
    }

    try (TimelogStore store = open()) {
      assertThat(store.tables()).containsExactlyInAnyOrder("events", "state");
      assertThat(read(store.table("events"))).containsExactly("a@5=1", "a@25=2");
      assertThat(read(store.table("state"))).containsExactly("b@7=4");
      assertThat(store.committedToken())
          .hasValueSatisfying(t -> assertThat(t).isEqualTo(bytes("second")));
      assertThat(store.recovery().commit()).isEqualTo(2);
      assertThat(store.recovery().tables()).isEqualTo(2);
      assertThat(store.recovery().segments()).isEqualTo(4);
      assertThat(store.recovery().bytes()).isPositive();
      assertThat(store.recovery().removedFiles()).isEmpty();
    }
  }

  @Test
  void whatWasNotCommitted_isGone() {
    try (TimelogStore store = open()) {
      Table events = store.openTable(EVENTS);
      events.append(bytes("a"), 5, bytes("1"));
      store.commit(bytes("t"));
      events.append(bytes("a"), 6, bytes("2"));
      store.openTable(STATE).put(bytes("b"), 7, bytes("3"));
      store.flush();
    }

    try (TimelogStore store = open()) {
      assertThat(store.tables()).containsExactly("events");
      assertThat(read(store.table("events"))).containsExactly("a@5=1");
    }
  }

  @Test
  void deletes_stayDeletes_andHideNothingLater() {
    TableOptions recent =
        TableOptions.multimap("recent").windowSize(10, 0).lateEntries(LateEntries.REFUSE).build();
    try (TimelogStore store = open()) {
      Table events = store.openTable(EVENTS);
      Table late = store.openTable(recent);
      events.append(bytes("a"), 1, bytes("1"));
      events.append(bytes("a"), 3, bytes("2"));
      events.append(bytes("a"), 9, bytes("3"));
      late.append(bytes("a"), 1, bytes("1"));
      late.append(bytes("a"), 9, bytes("2"));
      store.flush();
      events.deleteRange(TimeRange.of(2, 5));
      events.append(bytes("a"), 4, bytes("after"));
      late.deleteBefore(5);
      store.commit(bytes("t"));
    }

    try (TimelogStore store = open()) {
      Table events = store.openTable(EVENTS);
      Table late = store.openTable(recent);
      assertThat(read(events)).containsExactly("a@1=1", "a@4=after", "a@9=3");
      assertThat(late.floor()).isEqualTo(5);
      assertThat(late.append(bytes("a"), 4, bytes("too late"))).isFalse();
      assertThat(read(late)).containsExactly("a@9=2");
      events.append(bytes("a"), 3, bytes("now"));
      store.compact();
      assertThat(read(events)).containsExactly("a@1=1", "a@3=now", "a@4=after", "a@9=3");
    }
  }

  @Test
  void droppedTable_isGoneWithTheNextCommit() throws IOException {
    try (TimelogStore store = open()) {
      store.openTable(EVENTS).append(bytes("a"), 5, bytes("1"));
      store.commit(bytes("t"));
      store.dropTable("events");
    }
    try (TimelogStore store = open()) {
      assertThat(store.tables()).containsExactly("events");
      store.dropTable("events");
      store.commit(bytes("t"));
      assertThat(files()).hasSize(2).contains("LOCK");
    }
    try (TimelogStore store = open()) {
      assertThat(store.tables()).isEmpty();
    }
  }

  @Test
  void commitOfNothingNew_writesNothing() throws IOException {
    try (TimelogStore store = open()) {
      store.openTable(EVENTS).append(bytes("a"), 5, bytes("1"));
      assertThat(store.commit(bytes("t"))).isEqualTo(1);
      List<String> before = files();
      assertThat(store.commit(bytes("t"))).isEqualTo(1);
      assertThat(files()).isEqualTo(before);
      assertThat(store.commit(bytes("u"))).isEqualTo(2);
      assertThat(files()).isNotEqualTo(before);
    }
  }

  @Test
  void smallSegments_lieInOneFile() throws IOException {
    try (TimelogStore store = open()) {
      Table events = store.openTable(EVENTS);
      for (int window = 0; window < 30; window++) {
        events.append(bytes("a"), 10L * window, bytes("v" + window));
      }
      store.commit(bytes("t"));
      assertThat(files()).filteredOn(name -> name.endsWith(".seg")).hasSize(1);
    }
    try (TimelogStore store = open()) {
      assertThat(store.recovery().segments()).isEqualTo(30);
      assertThat(read(store.table("events"))).hasSize(30);
    }
  }

  @Test
  void filesOfSeveralSegments_areBounded() throws IOException {
    byte[] value = new byte[900 << 10];
    try (TimelogStore store = open()) {
      Table events = store.openTable(EVENTS);
      for (int window = 0; window < 12; window++) {
        events.append(bytes("a"), 10L * window, value);
      }
      store.commit(bytes("t"));
    }
    List<String> packs = files().stream().filter(name -> name.endsWith(".seg")).toList();
    assertThat(packs).hasSize(2);
    for (String pack : packs) {
      assertThat(Files.size(directory().resolve(pack))).as(pack).isLessThanOrEqualTo(8 << 20);
    }
    try (TimelogStore store = open()) {
      assertThat(store.table("events").liveEntries()).isEqualTo(12);
    }
  }

  @Test
  void largeSegments_haveFilesOfTheirOwn_whichGoWhenTheirWindowsDo() throws IOException {
    byte[] value = new byte[1 << 20];
    try (TimelogStore store = open()) {
      Table events = store.openTable(EVENTS);
      for (int window = 0; window < 4; window++) {
        events.append(bytes("a"), 10L * window, value);
      }
      store.commit(bytes("t"));
      assertThat(files()).filteredOn(name -> name.endsWith(".seg")).hasSize(4);

      events.deleteBefore(30);
      assertThat(files()).filteredOn(name -> name.endsWith(".seg")).hasSize(4);
      store.commit(bytes("t"));
      assertThat(files()).filteredOn(name -> name.endsWith(".seg")).hasSize(1);
    }
  }

  @Test
  void fileThatAReaderHolds_staysUntilTheCommitAfter() throws IOException {
    try (TimelogStore store = open()) {
      Table events = store.openTable(EVENTS);
      events.append(bytes("a"), 5, bytes("1"));
      store.commit(bytes("t"));
      try (Cursor cursor = events.scan(bytes("a"), TimeRange.all())) {
        events.deleteBefore(10);
        store.commit(bytes("u"));
        assertThat(files()).filteredOn(name -> name.endsWith(".seg")).hasSize(1);
        assertThat(cursor.advance()).isTrue();
      }
      store.commit(bytes("v"));
      assertThat(files()).noneMatch(name -> name.endsWith(".seg"));
    }
  }

  @Test
  void commitDuringMaintenance_hasAllOfIt() {
    try (TimelogStore store =
        TimelogStore.open(directory(), settings().maintenance(Maintenance.BACKGROUND))) {
      Table state = store.openTable(STATE);
      for (int i = 0; i < 2_000; i++) {
        state.put(bytes("k" + i % 50), i % 20, bytes("v" + i));
        if (i % 40 == 39) {
          store.commit(bytes("i" + i));
        }
      }
    }
    try (TimelogStore store = open()) {
      assertThat(store.committedToken())
          .hasValueSatisfying(t -> assertThat(t).isEqualTo(bytes("i1999")));
      List<String> entries = read(store.table("state"));
      assertThat(entries).contains("k49@19=v1999", "k0@10=v1950").hasSize(100);
    }
  }

  @Test
  void exportOfAReopenedStore_namesNoFileTwice() {
    List<String> names = new ArrayList<>();
    for (int life = 0; life < 3; life++) {
      try (TimelogStore store = open()) {
        // Never committed, so that each life begins as the first one did.
        store.openTable(EVENTS).append(bytes("a"), 5, bytes("life " + life));
        try (StoreExport export = store.beginExport()) {
          export.write().forEach(file -> names.add(file.name()));
        }
      }
    }
    assertThat(names).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void listenerAndFilter_areThoseOfTheNewLife() {
    try (TimelogStore store = open()) {
      Table events = store.openTable(EVENTS);
      events.append(bytes("a"), 5, bytes("1"));
      events.append(bytes("a"), 25, bytes("2"));
      store.commit(bytes("t"));
    }

    List<Long> dropped = new ArrayList<>();
    try (TimelogStore store = open()) {
      Table events =
          store.openTable(
              TableOptions.multimap("events")
                  .windowSize(10, 0)
                  .dropListener((key, timestamp, subkey, value) -> dropped.add(timestamp))
                  .build());
      events.deleteBefore(10);
      store.commit(bytes("u"));
      assertThat(dropped).containsExactly(5L);
      assertThat(read(events)).containsExactly("a@25=2");
    }
  }

  @Test
  void tableThatIsOpen_getsNoListenerAnyMore() {
    EntryFilter nothing = (key, timestamp, subkey, value) -> false;
    TableOptions filtered =
        TableOptions.multimap("events").windowSize(10, 0).filter(nothing).build();
    try (TimelogStore store = open()) {
      Table events = store.openTable(EVENTS);
      assertThat(store.openTable(EVENTS)).isSameAs(events);
      assertThatIllegalStateException()
          .isThrownBy(() -> store.openTable(filtered))
          .withMessageContaining("is open already");
      store.commit(bytes("t"));
    }
    try (TimelogStore store = open()) {
      store.table("events");
      assertThatIllegalStateException().isThrownBy(() -> store.openTable(filtered));
    }
    try (TimelogStore store = open()) {
      store.openTable(filtered);
    }
  }

  @Test
  void tableOfOtherSettings_isRefused_andStaysThere() {
    try (TimelogStore store = open()) {
      store.openTable(EVENTS).append(bytes("a"), 5, bytes("1"));
      store.commit(bytes("t"));
    }
    try (TimelogStore store = open()) {
      for (TableOptions other :
          List.of(
              TableOptions.map("events").windowSize(10, 0).build(),
              TableOptions.multimap("events").windowSize(20, 0).build(),
              TableOptions.multimap("events").windowSize(10, 0).indexTime().build())) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> store.openTable(other))
            .withMessageStartingWith(
                "A table must be opened with the settings that it was made with");
      }
      assertThat(read(store.openTable(EVENTS))).containsExactly("a@5=1");
    }
  }

  @Test
  void log_isThereAgain_underAnyName() {
    TimelogBuilder<String> settings = Timelog.builder(Codecs.utf8()).directory(directory());
    try (Timelog<String> log = settings.name("one").build()) {
      log.append(10, "a");
      log.append(20, "b");
      log.commit(bytes("t"));
      log.append(30, "c");
    }
    List<Long> dropped = new ArrayList<>();
    try (Timelog<String> log =
        settings.name("two").dropListener((timestamp, value) -> dropped.add(timestamp)).build()) {
      assertThat(log.at(10)).containsExactly("a");
      assertThat(log.at(20)).containsExactly("b");
      assertThat(log.at(30)).isEmpty();
      assertThat(log.committedToken()).hasValueSatisfying(t -> assertThat(t).isEqualTo(bytes("t")));
      assertThat(log.recovery().commit()).isEqualTo(1);
      log.deleteBefore(15);
      log.commit(bytes("u"));
      assertThat(dropped).containsExactly(10L);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.windowSize(7).build())
        .withMessageContaining("windowSize 7");
    try (Timelog<String> log = Timelog.builder(Codecs.utf8()).directory(directory()).build()) {
      assertThat(log.at(20)).containsExactly("b");
    }
  }

  @Test
  void reopenedLog_hasWhatWasCommitted_andTheOldOneStaysClosed() {
    List<Long> dropped = new ArrayList<>();
    Timelog<String> old =
        Timelog.builder(Codecs.utf8())
            .directory(directory())
            .name("log")
            .timePrecision(TimePrecision.NANOS)
            .dropListener((timestamp, value) -> dropped.add(timestamp))
            .build();
    old.append(10, "a");
    old.commit(bytes("t"));
    old.append(20, "never committed");
    EntryIterator<Entry<String>> open = old.iterator();
    assertThat(open.next().value()).isEqualTo("a");

    try (Timelog<String> log = old.reopen()) {
      assertThat(old.isClosed()).isTrue();
      assertThatIllegalStateException().isThrownBy(() -> old.append(30, "b"));
      assertThat(open.next().value()).isEqualTo("never committed");
      open.close();

      assertThat(log.stream().map(Entry::value)).containsExactly("a");
      assertThat(log.name()).isEqualTo("log");
      assertThat(log.timePrecision()).isEqualTo(TimePrecision.NANOS);
      assertThat(log.memoryBudget()).isSameAs(old.memoryBudget());
      assertThat(log.committedToken()).hasValueSatisfying(t -> assertThat(t).isEqualTo(bytes("t")));
      log.append(30, "b");
      log.deleteBefore(15);
      log.commit(bytes("u"));
      assertThat(dropped).containsExactly(10L);
      assertThatThrownBy(old::reopen).isInstanceOf(StoreLockedException.class);
    }
    try (Timelog<String> log = old.reopen()) {
      assertThat(log.stream().map(Entry::value)).containsExactly("b");
    }
    assertThat(old.memoryBudget().usedBytes()).isZero();
  }

  @Test
  void reopening_isNotTouchedByLaterSettings_andMayFailAndBeDoneAgain() throws IOException {
    TimelogBuilder<String> settings = Timelog.builder(Codecs.utf8()).directory(directory());
    Timelog<String> log = settings.windowSize(10).build();
    log.append(10, "a");
    log.commit(bytes("t"));
    settings.windowSize(7).name("later").directory(temporary.resolve("elsewhere"));
    Path manifest = directory().resolve("MANIFEST-0000000000000002");
    byte[] good = Files.readAllBytes(manifest);
    Files.write(manifest, new byte[good.length]);

    assertThatThrownBy(log::reopen).isInstanceOf(TimelogCorruptionException.class);
    assertThat(log.isClosed()).isTrue();
    Files.write(manifest, good);

    try (Timelog<String> again = log.reopen()) {
      assertThat(again.at(10)).containsExactly("a");
      assertThat(again.name()).isEqualTo("timelog");
    }
    assertThat(temporary.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void logInMemory_cannotBeReopened_andStaysAsItIs() {
    try (Timelog<String> log = Timelog.builder(Codecs.utf8()).build()) {
      log.append(10, "a");
      assertThatIllegalStateException()
          .isThrownBy(log::reopen)
          .withMessage(
              "The log is in memory only, give one a directory to open it again: log=timelog");
      assertThat(log.at(10)).containsExactly("a");
    }
    try (Timelog<Object> objects = Timelog.objects().build()) {
      assertThatIllegalStateException().isThrownBy(objects::reopen);
    }
  }

  @Test
  void storeInMemory_hasNothingToCommit() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> store.commit(bytes("t")))
          .withMessageContaining("open one in a directory");
      assertThatIllegalStateException().isThrownBy(store::committedToken);
      assertThatIllegalStateException().isThrownBy(store::recovery);
    }
  }

  @Test
  void closedStore_commitsNothing() {
    TimelogStore store = open();
    store.close();
    store.close();
    assertThatIllegalStateException().isThrownBy(() -> store.commit(bytes("t")));
  }

  @Test
  void tokenThatIsTooLong_isRefused() {
    try (TimelogStore store = open()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.commit(new byte[65_537]))
          .withMessageContaining("max=65536");
    }
  }

  @Test
  void filesAndDirectories_areForTheirUserAlone() throws IOException {
    try (TimelogStore store = open()) {
      store.openTable(EVENTS).append(bytes("a"), 5, bytes("1"));
      store.commit(bytes("t"));
    }
    for (String file : files()) {
      assertThat(permissions(directory().resolve(file))).as(file).isEqualTo("rw-------");
    }
    assertThat(permissions(directory())).isEqualTo("rwx------");
    assertThat(permissions(directory().getParent())).isEqualTo("rwx------");
  }

  private static String permissions(Path path) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    return PosixFilePermissions.toString(permissions);
  }

  @Test
  void secondStore_isToldWhoHasTheDirectory() {
    try (TimelogStore store = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              StoreLockedException.class,
              e ->
                  assertThat(e.holder())
                      .contains("pid=" + ProcessHandle.current().pid())
                      .endsWith("store=orders"));
      assertThat(store.isClosed()).isFalse();
    }
    open().close();
  }

  @Test
  void directoryThatIsAFile_isReported() throws IOException {
    Files.createDirectories(directory().getParent());
    Files.writeString(directory(), "not a directory");

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            TimelogStorageException.class, e -> assertThat(e.path()).isEqualTo(directory()));
    assertThat(directory()).hasContent("not a directory");
  }

  @Test
  void leftovers_areRemoved_andFilesOfOthersAreNot() throws IOException {
    try (TimelogStore store = open()) {
      store.openTable(EVENTS).append(bytes("a"), 5, bytes("1"));
      store.commit(bytes("t"));
    }
    Files.writeString(directory().resolve("MANIFEST-0000000000000009.tmp"), "x");
    Files.writeString(directory().resolve("00000000000000ff.seg"), "x");
    Files.writeString(directory().resolve("notes.txt"), "x");

    try (TimelogStore store = open()) {
      assertThat(store.recovery().removedFiles())
          .containsExactlyInAnyOrder("MANIFEST-0000000000000009.tmp", "00000000000000ff.seg");
      assertThat(store.recovery().unknownFiles()).containsExactly("notes.txt");
      assertThat(read(store.openTable(EVENTS))).containsExactly("a@5=1");
      store.table("events").append(bytes("a"), 6, bytes("2"));
      store.commit(bytes("u"));
      assertThat(files()).contains("0000000000000100.seg", "notes.txt");
    }
  }

  @Test
  void storeThatIsLargerThanTheBudget_isReadAllTheSame() {
    byte[] value = new byte[100_000];
    try (TimelogStore store = open()) {
      Table state = store.openTable(STATE);
      for (int i = 0; i < 40; i++) {
        state.put(bytes("k" + i), i, value);
      }
      store.commit(bytes("t"));
    }
    MemoryBudget budget = MemoryBudget.ofBytes(1 << 20);
    try (TimelogStore store = TimelogStore.open(directory(), settings().memoryBudget(budget))) {
      assertThat(read(store.table("state"))).hasSize(40);
      assertThat(budget.usedBytes()).isLessThanOrEqualTo(budget.limitBytes());
    }
  }

  @Test
  void segmentsOfALargerBudget_areReadWithASmallerOne() {
    byte[] value = new byte[1_000];
    try (TimelogStore store = open()) {
      Table state = store.openTable(STATE);
      for (int i = 0; i < 1_500; i++) {
        state.put(bytes("k" + i), i, value);
      }
      store.commit(bytes("t"));
    }
    for (int life = 0; life < 2; life++) {
      try (TimelogStore store =
          TimelogStore.open(directory(), settings().memoryBudget(MemoryBudget.ofBytes(8 << 20)))) {
        assertThat(store.table("state").liveEntries()).isEqualTo(1_500);
        store.commit(bytes("u"));
      }
    }
  }

  /** A commit was refused when it was nearly done, so a crash may leave it. */
  @Test
  void commitAfterARefusedOne_isWritten_evenIfItSaysWhatTheOneBeforeSaid() {
    boolean failed = true;
    for (int call = 1; failed; call++) {
      RecordingDisk recording = new RecordingDisk();
      FailingDisk failing = new FailingDisk(recording, Fault.FAILED_FORCE, call);
      try (TimelogStore store =
          StoresOnDisks.open(
              failing, StoreScript.settings(CommitLog.NONE), Unwatched.observers())) {
        commitUntilAccepted(store, "a");
        try {
          store.commit(bytes("b"));
        } catch (TimelogStorageException refused) {
          assertThat(refused).hasMessageContaining("commit again");
        }
        commitUntilAccepted(store, "a");
        recording.mark("a");
      } catch (TimelogStorageException refusedToOpen) {
        continue;
      } finally {
        failed = failing.hasFailed();
      }
      new CrashStates(4096, 64, 1)
          .forEach(
              recording,
              crash -> {
                if (crash.marks().contains("a")) {
                  assertThat(tokenIn(crash.disk())).as("%s", crash).isEqualTo("a");
                }
              });
    }
  }

  private static void commitUntilAccepted(TimelogStore store, String token) {
    try {
      store.commit(bytes(token));
    } catch (TimelogStorageException once) {
      store.commit(bytes(token));
    }
  }

  private static String tokenIn(RecordingDisk disk) {
    try (TimelogStore store =
        StoresOnDisks.open(disk, StoreScript.settings(CommitLog.NONE), Unwatched.observers())) {
      return Contents.of(store).token();
    }
  }
}
