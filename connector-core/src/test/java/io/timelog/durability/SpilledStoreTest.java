package io.timelog.durability;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.ExportedFile;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.MemoryClaim;
import io.timelog.StoreExport;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.FailingDisk;
import io.timelog.internal.storage.disk.FailingDisk.Fault;
import io.timelog.internal.storage.disk.ForwardingDisk;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.testing.PoisoningSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What does not fit into memory goes to files, and what dies before is never written. */
@Execution(ExecutionMode.CONCURRENT)
final class SpilledStoreTest {
  private static final long BUDGET_BYTES = 2 << 20;
  private static final long RESERVE_BYTES = BUDGET_BYTES / 16;
  private static final int KEYS = 50;
  private static final int VALUE_BYTES = 100;
  private static final int WINDOW = 1_000;
  private static final TableOptions EVENTS =
      TableOptions.multimap("events").windowSize(WINDOW, 0).build();

  private final PoisoningSource source = new PoisoningSource();
  private final MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES, source);
  private final RecordingDisk recording = new RecordingDisk();
  private final ReadingDisk disk = new ReadingDisk(recording);

  private TimelogStore open(Maintenance maintenance) {
    return StoresOnDisks.open(
        disk,
        TimelogStore.builder()
            .memoryBudget(budget)
            .maintenance(maintenance)
            .commitLog(CommitLog.NONE)
            .targetPageBytes(4096),
        Unwatched.observers());
  }

  private static byte[] key(int number) {
    return ("key-" + number).getBytes(US_ASCII);
  }

  private static byte[] value(int number) {
    byte[] value = new byte[VALUE_BYTES];
    Arrays.fill(value, (byte) number);
    ByteBuffer.wrap(value).putInt(number);
    return value;
  }

  private void append(Table events, int from, int to) {
    for (int i = from; i < to; i++) {
      events.append(key(i % KEYS), i, value(i));
      requireInBudget();
    }
  }

  private int readAll(Cursor cursor) {
    int count = 0;
    try (cursor) {
      while (cursor.advance()) {
        int number = (int) cursor.timestamp();
        if (!Arrays.equals(cursor.key(), key(number % KEYS))
            || !Arrays.equals(cursor.value(), value(number))) {
          throw new AssertionError("An entry is not as it was written: number=" + number);
        }
        requireInBudget();
        count++;
      }
    }
    return count;
  }

  /** Asked very often, so by itself. */
  private void requireInBudget() {
    if (source.bytes() > BUDGET_BYTES) {
      throw new AssertionError("More memory was taken than there is: bytes=" + source.bytes());
    }
  }

  private long segmentFiles() {
    return segmentFileNames().size();
  }

  private List<String> segmentFileNames() {
    return recording.files().keySet().stream()
        .filter(name -> name.endsWith(".seg"))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void tenTimesTheBudget_isWrittenAndRead(Maintenance maintenance) {
    int entries = 180_000;
    try (TimelogStore store = open(maintenance)) {
      Table events = store.openTable(EVENTS);
      append(events, 0, entries);

      assertThat(store.committedToken()).isEmpty();
      assertThat(recording.files().values().stream().mapToLong(file -> file.length).sum())
          .isGreaterThan(9 * BUDGET_BYTES);
      assertThat(readAll(events.scanAll(TimeRange.all()))).isEqualTo(entries);
      assertThat(readAll(events.scanByKey(TimeRange.all()))).isEqualTo(entries);
      assertThat(readAll(events.scan(key(7), TimeRange.all()))).isEqualTo(entries / KEYS);
      store.commit(new byte[0]);
    }
    assertThat(source.bytes()).isZero();

    try (TimelogStore store = open(maintenance)) {
      assertThat(readAll(store.openTable(EVENTS).scanByKey(TimeRange.all()))).isEqualTo(entries);
    }
  }

  @Test
  void maps_areOverwrittenAndRemoved_whereverTheirRowsLie() {
    SplittableRandom random = new SplittableRandom(5);
    int[] newest = new int[20_000];
    try (TimelogStore store = open(Maintenance.DISABLED)) {
      Table state = store.openTable(TableOptions.map("state").windowSize(WINDOW, 0).build());
      for (int i = 0; i < 60_000; i++) {
        int at = random.nextInt(newest.length);
        if (random.nextInt(20) == 0) {
          state.remove(key(at % KEYS), at);
          newest[at] = 0;
        } else {
          state.put(key(at % KEYS), at, value(i));
          newest[at] = i;
        }
      }
      for (int at = 0; at < newest.length; at++) {
        assertThat(state.get(key(at % KEYS), at))
            .isEqualTo(newest[at] == 0 ? null : value(newest[at]));
      }
      assertThat(source.bytes()).isLessThanOrEqualTo(BUDGET_BYTES);
    }
    assertThat(source.bytes()).isZero();
  }

  @Test
  void whatDiesInMemory_isNeverWritten() {
    try (TimelogStore store = open(Maintenance.DISABLED)) {
      Table events = store.openTable(EVENTS);
      for (int i = 0; i < 100_000; i++) {
        events.append(key(i % KEYS), i, value(i));
        if (i % 100 == 0) {
          events.deleteBefore(i - 2 * WINDOW);
        }
      }
    }

    assertThat(segmentFiles()).isZero();
  }

  @Test
  void windowsThatDieLast_leaveFirst() {
    try (TimelogStore store = open(Maintenance.DISABLED)) {
      Table events = store.openTable(EVENTS);
      int entries = 0;
      while (segmentFiles() == 0) {
        append(events, entries, entries + 100);
        entries += 100;
      }
      disk.takeReads();

      assertThat(readAll(events.scanByKey(TimeRange.of(0, WINDOW)))).isEqualTo(WINDOW);

      assertThat(disk.takeReads()).isEmpty();
    }
  }

  @Test
  void windowsThatAreRead_stayInMemoryLonger() {
    try (TimelogStore store = open(Maintenance.DISABLED)) {
      Table events = store.openTable(EVENTS);
      int windows = 4;
      int entries = windows * WINDOW;
      append(events, 0, entries);
      store.flush();
      assertThat(segmentFiles()).isZero();
      long width = WINDOW;
      TimeRange newest = TimeRange.of((windows - 1) * width, windows * width);
      TimeRange before = TimeRange.of((windows - 2) * width, (windows - 1) * width);

      while (segmentFiles() == 0) {
        assertThat(readAll(events.scan(key(1), newest))).isEqualTo(WINDOW / KEYS);
        append(events, entries, entries + 100);
        entries += 100;
      }
      disk.takeReads();

      assertThat(readAll(events.scanByKey(newest))).isEqualTo(WINDOW);
      assertThat(disk.takeReads()).isEmpty();
      assertThat(readAll(events.scanByKey(before))).isEqualTo(WINDOW);
      assertThat(disk.takeReads()).isNotEmpty();
    }
  }

  @Test
  void windowsThatDieLast_leaveFirst_ofWhateverTable() {
    try (TimelogStore store = open(Maintenance.DISABLED)) {
      Table brief = store.openTable(TableOptions.multimap("brief").windowSize(WINDOW, 0).build());
      Table events = store.openTable(EVENTS);
      append(brief, 0, 2 * WINDOW);
      int entries = 6 * WINDOW;
      append(events, 0, entries);
      store.flush();
      while (segmentFiles() == 0) {
        append(events, entries, entries + 100);
        entries += 100;
      }
      disk.takeReads();

      assertThat(readAll(brief.scanByKey(TimeRange.all()))).isEqualTo(2 * WINDOW);

      assertThat(disk.takeReads()).isEmpty();
    }
  }

  @Test
  void whatWasNotCommitted_isRemovedByTheNextOpening() {
    try (TimelogStore store = open(Maintenance.DISABLED)) {
      append(store.openTable(EVENTS), 0, 30_000);
      assertThat(segmentFiles()).isPositive();
    }

    try (TimelogStore store = open(Maintenance.DISABLED)) {
      assertThat(store.tables()).isEmpty();
      assertThat(segmentFiles()).isZero();
    }
  }

  @Test
  void deadWindows_giveTheirFilesBack_withoutBeingRead() {
    try (TimelogStore store = open(Maintenance.DISABLED)) {
      Table events = store.openTable(EVENTS);
      append(events, 0, 50_000);
      long before = segmentFiles();
      disk.takeReads();

      events.deleteBefore(49_000);
      store.maintain();

      assertThat(disk.takeReads()).isEmpty();
      assertThat(segmentFiles()).isLessThan(before / 4);
      store.commit(new byte[0]);
      assertThat(readAll(events.scanAll(TimeRange.all()))).isEqualTo(1_000);
    }
  }

  /** As where the host removes the directory of a store that it has not closed yet. */
  @Test
  void filesThatAreGoneAlready_keepNoOthersFromBeingRemoved() throws IOException {
    try (TimelogStore store = open(Maintenance.DISABLED)) {
      Table events = store.openTable(EVENTS);
      append(events, 0, 50_000);
      List<String> before = segmentFileNames();
      for (String gone : before.subList(0, before.size() / 2)) {
        recording.delete(gone);
      }

      events.deleteBefore(49_000);
      store.maintain();

      assertThat(segmentFiles()).isLessThan(before.size() / 4);
      assertThat(readAll(events.scanAll(TimeRange.all()))).isEqualTo(1_000);
    }
  }

  @Test
  void exportThatIsOpen_keepsNothingInMemory_thatHasMovedToFiles() throws IOException {
    try (TimelogStore store = open(Maintenance.DISABLED)) {
      Table events = store.openTable(EVENTS);
      int appended = 6_000;
      append(events, 0, appended);
      try (StoreExport export = store.beginExport();
          MemoryClaim others = budget.claim()) {
        Map<String, ByteBuffer> before = contents(export);
        long exported = before.values().stream().mapToLong(ByteBuffer::remaining).sum();
        assertThat(segmentFiles()).isZero();

        while (appended < 12_000 && others.bytes() + exported <= BUDGET_BYTES) {
          // What is left is less than the store wants for itself, so it lets more leave memory.
          others.grow(Math.max(0, budget.availableBytes() - RESERVE_BYTES * 3 / 4));
          append(events, appended, appended + 500);
          appended += 500;
        }

        assertThat(others.bytes() + exported).isGreaterThan(BUDGET_BYTES);
        assertThat(contents(export)).isEqualTo(before);
      }
      assertThat(readAll(events.scanByKey(TimeRange.all()))).isEqualTo(appended);
    }
    assertThat(source.bytes()).isZero();
  }

  private static Map<String, ByteBuffer> contents(StoreExport export) throws IOException {
    Map<String, ByteBuffer> contents = new HashMap<>();
    for (ExportedFile file : export.write()) {
      try (InputStream in = file.newInputStream()) {
        contents.put(file.name(), ByteBuffer.wrap(in.readAllBytes()));
      }
    }
    return contents;
  }

  /** Nobody misses after a crash what no commit names, so nobody waits for the disk before. */
  @Test
  void whatNoCommitNames_isForcedByTheFirstThatDoes() {
    try (TimelogStore store = open(Maintenance.DISABLED)) {
      Table events = store.openTable(EVENTS);
      append(events, 0, 30_000);
      assertThat(segmentFiles()).isPositive();
      assertThat(forces()).isEmpty();

      store.commit(new byte[0]);

      assertThat(forces()).doesNotHaveDuplicates().hasSize((int) segmentFiles());
      Set<Integer> before = segmentFilesMade();
      append(events, 30_000, 60_000);
      Set<Integer> spilledSince = segmentFilesMade();
      spilledSince.removeAll(before);
      assertThat(spilledSince).isNotEmpty();
      assertThat(forces()).containsAll(spilledSince);
    }
  }

  /** The numbers of the files of segments that were forced. */
  private List<Integer> forces() {
    Set<Integer> segments = segmentFilesMade();
    return recording.operations().stream()
        .filter(RecordingDisk.Force.class::isInstance)
        .map(force -> ((RecordingDisk.Force) force).file())
        .filter(segments::contains)
        .toList();
  }

  private Set<Integer> segmentFilesMade() {
    return recording.operations().stream()
        .filter(RecordingDisk.Create.class::isInstance)
        .map(RecordingDisk.Create.class::cast)
        .filter(create -> create.name().endsWith(".seg"))
        .map(RecordingDisk.Create::file)
        .collect(Collectors.toSet());
  }

  /** The file system says once that it has lost bytes, and takes them for written afterwards. */
  @Test
  void fileOfWhichAForceHasFailed_isWrittenAnewByTheNextCommit() {
    DiskThatFailsToForce forces = new DiskThatFailsToForce(disk);
    try (TimelogStore store =
        StoresOnDisks.open(
            forces,
            TimelogStore.builder()
                .memoryBudget(budget)
                .maintenance(Maintenance.DISABLED)
                .commitLog(CommitLog.NONE)
                .targetPageBytes(4096),
            Unwatched.observers())) {
      Table events = store.openTable(EVENTS);
      append(events, 0, 30_000);

      assertThatThrownBy(() -> store.commit(new byte[0]))
          .isInstanceOf(TimelogStorageException.class);
      assertThat(forces.failed).hasSize(1);
      store.commit(new byte[0]);

      assertThat(forces.asked).doesNotHaveDuplicates();
      assertThat(readAll(events.scanByKey(TimeRange.all()))).isEqualTo(30_000);
    }

    try (TimelogStore store = open(Maintenance.DISABLED)) {
      assertThat(recording.files().keySet()).doesNotContainAnyElementsOf(forces.failed);
      assertThat(readAll(store.openTable(EVENTS).scanByKey(TimeRange.all()))).isEqualTo(30_000);
    }
  }

  /** Cannot force the third of the files that are forced by their names. */
  private static final class DiskThatFailsToForce extends ForwardingDisk {
    private final List<String> asked = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    DiskThatFailsToForce(Disk disk) {
      super(disk);
    }

    @Override
    public void force(String name) throws IOException {
      asked.add(name);
      if (asked.size() == 3) {
        failed.add(name);
        throw new IOException("Input/output error");
      }
      super.force(name);
    }
  }

  @Test
  void diskThatRefuses_leavesAStoreInMemory() {
    FailingDisk failing = new FailingDisk(recording, Fault.NO_SPACE, 12);
    try (TimelogStore store =
        StoresOnDisks.open(
            failing,
            TimelogStore.builder()
                .memoryBudget(budget)
                .commitLog(CommitLog.NONE)
                .targetPageBytes(4096),
            Unwatched.observers())) {
      Table events = store.openTable(EVENTS);
      append(events, 0, 30_000);

      assertThat(readAll(events.scanByKey(TimeRange.all()))).isEqualTo(30_000);
    }
    assertThat(failing.hasFailed()).isTrue();
  }
}
