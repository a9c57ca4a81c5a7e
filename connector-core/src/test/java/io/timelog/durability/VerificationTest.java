package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.timelog.CommitLog;
import io.timelog.StoreLockedException;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.VerificationReport;
import io.timelog.VerificationReport.Commits;
import io.timelog.VerificationReport.Everything;
import io.timelog.VerificationReport.Fault;
import io.timelog.VerificationReport.NoRows;
import io.timelog.VerificationReport.Rows;
import io.timelog.VerificationReport.TornTail;
import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.inspection.DirectoryWithLog;
import io.timelog.internal.inspection.LastToken;
import io.timelog.internal.inspection.Verification;
import io.timelog.internal.journal.LogOfCommits;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.medium.ClosedDirectory;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.FailingDisk;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A verification says of a directory what is wrong, what is lost by it, and what is lawful. */
final class VerificationTest {
  private static final String MANIFEST = "MANIFEST-0000000000000002";
  private static final String SEGMENTS = "0000000000000000.seg";
  private static final int COMMITS = 6;

  @TempDir private Path temporary;

  /** Two tables, of one of which the older half is in a window of its own. */
  private static RecordingDisk twoTables() {
    RecordingDisk disk = new RecordingDisk();
    try (TimelogStore store =
        StoresOnDisks.open(disk, StoreScript.settings(CommitLog.NONE), Unwatched.observers())) {
      fill(store);
    }
    return disk;
  }

  private static void fill(TimelogStore store) {
    Table events = store.openTable(TableOptions.multimap("events").windowSize(10, 0).build());
    for (int i = 0; i < 20; i++) {
      events.append("key".getBytes(UTF_8), i, ("value " + i).getBytes(UTF_8));
    }
    Table state = store.openTable(TableOptions.map("state").unbounded().indexTime().build());
    for (int i = 0; i < 7; i++) {
      state.put(("k" + i).getBytes(UTF_8), i, "s".getBytes(UTF_8), "v".getBytes(UTF_8));
    }
    store.commit("t".getBytes(UTF_8));
  }

  private static VerificationReport verify(Disk disk) {
    try {
      return Verification.of(disk, PageCodecs.NONE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static RecordingDisk with(RecordingDisk good, String name, byte[] bytes) {
    Map<String, byte[]> files = new HashMap<>(good.files());
    files.put(name, bytes);
    return new RecordingDisk(files);
  }

  private static RecordingDisk without(RecordingDisk good, String name) {
    Map<String, byte[]> files = new HashMap<>(good.files());
    files.remove(name);
    return new RecordingDisk(files);
  }

  private static RecordingDisk flipped(RecordingDisk good, String name, int at) {
    byte[] bytes = good.files().get(name).clone();
    bytes[at] ^= 1;
    return with(good, name, bytes);
  }

  private static Fault onlyFault(VerificationReport report) {
    assertThat(report.isSound()).isFalse();
    assertThat(report.faults()).hasSize(1);
    return report.faults().get(0);
  }

  @Test
  void storeAsItWasWritten_isSound() {
    RecordingDisk disk = twoTables();

    VerificationReport report = verify(disk);

    assertThat(report.faults()).isEmpty();
    assertThat(report.isSound()).isTrue();
    assertThat(report.commit()).isEqualTo(1);
    assertThat(report.tables()).isEqualTo(2);
    assertThat(report.segments()).isEqualTo(3);
    assertThat(report.rows()).isEqualTo(27);
    assertThat(report.bytes())
        .isEqualTo(disk.files().get(MANIFEST).length + disk.files().get(SEGMENTS).length);
    assertThat(report.tornTails()).isEmpty();
    assertThat(report.unnamedFiles()).isEmpty();
    assertThat(report.unknownFiles()).isEmpty();
  }

  @Test
  void storesOfRandomHistories_areSound_whereverACrashHasLeftThem() {
    long rows = 0;
    for (long seed = 1; seed <= 60; seed++) {
      RecordingDisk disk = new RecordingDisk();
      RecordedLife.on(disk, CommitLog.NONE, List.of(Contents.EMPTY))
          .live(new StoreScript(seed), 4, 12);
      VerificationReport report = verify(disk);
      assertThat(report.faults()).as("seed %s", seed).isEmpty();
      assertThat(report.commit()).isEqualTo(4);
      rows += report.rows();
    }
    assertThat(rows).isPositive();
  }

  @Test
  void directoryWithoutAStore_isSound() {
    VerificationReport report = verify(new RecordingDisk(Map.of("notes.txt", new byte[3])));

    assertThat(report.isSound()).isTrue();
    assertThat(report.commit()).isZero();
    assertThat(report.unknownFiles()).containsExactly("notes.txt");
  }

  @Test
  void damagedManifest_losesEverything() {
    Fault fault = onlyFault(verify(flipped(twoTables(), MANIFEST, 100)));

    assertThat(fault.file()).isEqualTo(MANIFEST);
    assertThat(fault.loss()).isEqualTo(new Everything());
    assertThat(fault.problem())
        .startsWith("Manifest checksum mismatch: stored=0x")
        .doesNotContain("source=");
  }

  @Test
  void missingManifest_losesEverything() {
    Fault fault = onlyFault(verify(without(twoTables(), MANIFEST)));

    assertThat(fault.file()).isEqualTo(SEGMENTS);
    assertThat(fault.loss()).isEqualTo(new Everything());
  }

  @Test
  void damagedPage_losesItsRows_andTheOthersAreCounted() {
    // The header of the first segment is short, so this is its first page.
    Fault fault = onlyFault(verify(flipped(twoTables(), SEGMENTS, 120)));

    assertThat(fault.file()).isEqualTo(SEGMENTS);
    assertThat(fault.offset()).isBetween(40L, 120L);
    assertThat(fault.problem()).startsWith("Page checksum mismatch: ");
    assertThat(fault.loss()).isEqualTo(new Rows("events", 0, 9, OptionalLong.of(10)));
    assertThat(verify(flipped(twoTables(), SEGMENTS, 120)).rows()).isEqualTo(17);
  }

  @Test
  void eachFault_isTold() {
    RecordingDisk good = twoTables();
    byte[] bytes = good.files().get(SEGMENTS).clone();
    bytes[120] ^= 1;
    bytes[bytes.length - 1] ^= 1;

    VerificationReport report = verify(with(good, SEGMENTS, bytes));

    assertThat(report.faults()).hasSize(2);
    assertThat(report.faults().get(0).loss())
        .isEqualTo(new Rows("events", 0, 9, OptionalLong.of(10)));
    assertThat(report.faults().get(1).loss())
        .isEqualTo(new Rows("state", 0, 6, OptionalLong.empty()));
    assertThat(report.rows()).isEqualTo(10);
  }

  @Test
  void damageOfWhatFollowsFromRows_losesNone() {
    RecordingDisk good = twoTables();
    int length = good.files().get(SEGMENTS).length;
    // The statistics of the last segment end where its footer of 168 bytes begins.
    Fault fault = onlyFault(verify(flipped(good, SEGMENTS, length - 168 - 8)));

    assertThat(fault.loss()).isEqualTo(new NoRows("state"));
    assertThat(fault.problem()).startsWith("Segment statistics checksum mismatch: ");
  }

  @Test
  void missingFile_losesWhatIsInIt_segmentBySegment() {
    VerificationReport report = verify(without(twoTables(), SEGMENTS));

    assertThat(report.faults())
        .extracting(Fault::loss)
        .containsExactlyInAnyOrder(
            new Rows("events", 0, 9, OptionalLong.empty()),
            new Rows("events", 10, 19, OptionalLong.empty()),
            new Rows("state", 0, 6, OptionalLong.empty()));
    assertThat(report.faults()).allMatch(fault -> fault.file().equals(SEGMENTS));
  }

  @Test
  void shortenedFile_losesTheSegmentsBehind() {
    RecordingDisk good = twoTables();
    byte[] bytes = good.files().get(SEGMENTS);

    VerificationReport report =
        verify(with(good, SEGMENTS, Arrays.copyOf(bytes, bytes.length - 1)));

    assertThat(onlyFault(report).loss()).isEqualTo(new Rows("state", 0, 6, OptionalLong.empty()));
  }

  @Test
  void segmentOfAnotherStore_isToldByItsChecksum() {
    RecordingDisk other = new RecordingDisk();
    try (TimelogStore store =
        StoresOnDisks.open(other, StoreScript.settings(CommitLog.NONE), Unwatched.observers())) {
      Table events = store.openTable(TableOptions.multimap("events").windowSize(10, 0).build());
      for (int i = 0; i < 20; i++) {
        events.append("key".getBytes(UTF_8), i, ("VALUE " + i).getBytes(UTF_8));
      }
      store.commit("t".getBytes(UTF_8));
    }
    RecordingDisk good = twoTables();
    byte[] bytes = good.files().get(SEGMENTS).clone();
    byte[] foreign = other.files().get(SEGMENTS);
    System.arraycopy(foreign, 0, bytes, 0, foreign.length);

    assertThat(verify(with(good, SEGMENTS, bytes)).faults())
        .hasSize(2)
        .allMatch(
            fault ->
                fault.problem().startsWith("File has another segment than the manifest means: "));
  }

  @Test
  void leftovers_areNamed_andAreNoFault() {
    RecordingDisk disk = twoTables();
    Map<String, byte[]> files = new HashMap<>(disk.files());
    files.put("MANIFEST-0000000000000001", new byte[1]);
    files.put("MANIFEST-0000000000000009.tmp", new byte[1]);
    files.put("00000000000000ff.seg", new byte[1]);
    files.put("00000000000000fe.log", new byte[1]);
    files.put("notes.txt", new byte[1]);

    VerificationReport report = verify(new RecordingDisk(files));

    assertThat(report.isSound()).isTrue();
    assertThat(report.unnamedFiles())
        .containsExactlyInAnyOrder(
            "MANIFEST-0000000000000001",
            "MANIFEST-0000000000000009.tmp",
            "00000000000000ff.seg",
            "00000000000000fe.log");
    assertThat(report.unknownFiles()).containsExactly("notes.txt");
  }

  @Test
  void fileThatCannotBeRead_isAFault_andEveryOtherIsReadAllTheSame() throws IOException {
    boolean failed = true;
    int faults = 0;
    for (int call = 1; failed; call++) {
      FailingDisk failing =
          new FailingDisk(new RecordingDisk(twoTables().files()), FailingDisk.Fault.IO_ERROR, call);
      try {
        VerificationReport report = Verification.of(failing, PageCodecs.NONE);
        failed = failing.hasFailed();
        faults += report.faults().size();
        assertThat(report.faults())
            .allMatch(fault -> fault.problem().startsWith("File cannot be read: reason="));
      } catch (IOException e) {
        // The directory could not be listed.
        failed = failing.hasFailed();
      }
    }
    assertThat(faults).isGreaterThan(10);
  }

  @Test
  void logAsItWasWritten_isSound_andCounted() throws IOException {
    for (long named : new long[] {0, COMMITS}) {
      RecordingDisk disk = DirectoryWithLog.of(COMMITS, named);

      VerificationReport report = verify(disk);

      assertThat(report.faults()).isEmpty();
      assertThat(report.commit()).isEqualTo(COMMITS);
      assertThat(report.rows()).isEqualTo(COMMITS);
      assertThat(report.tornTails()).isEmpty();
      assertThat(report.unnamedFiles()).isEmpty();
      assertThat(tokenIn(disk)).hasValue(CommitToken.of(LogOfCommits.token(COMMITS)));
    }
  }

  private static Optional<CommitToken> tokenIn(Disk disk) throws IOException {
    return LastToken.in(disk);
  }

  @Test
  void tornTail_isLawful_andNamed() throws IOException {
    RecordingDisk good = DirectoryWithLog.of(COMMITS, 0);
    String last = lastLog(good);
    byte[] bytes = good.files().get(last);
    RecordingDisk torn = with(good, last, Arrays.copyOf(bytes, bytes.length - 3));

    VerificationReport report = verify(torn);

    assertThat(report.isSound()).isTrue();
    assertThat(report.commit()).isEqualTo(COMMITS - 1);
    assertThat(report.tornTails()).hasSize(1);
    TornTail tail = report.tornTails().get(0);
    assertThat(tail.bytes()).isPositive();
    assertThat(tokenIn(torn)).hasValue(CommitToken.of(LogOfCommits.token(COMMITS - 1)));
  }

  @Test
  void tornTailThatAManifestNames_losesTheLastCommit() throws IOException {
    RecordingDisk good = DirectoryWithLog.of(COMMITS, COMMITS);
    String last = lastLog(good);
    byte[] bytes = good.files().get(last);
    RecordingDisk torn = with(good, last, Arrays.copyOf(bytes, bytes.length - 3));

    assertThat(onlyFault(verify(torn)).loss())
        .isEqualTo(new Commits(COMMITS - 1, OptionalLong.of(COMMITS)));
    assertThatThrownBy(() -> tokenIn(torn)).isInstanceOf(TimelogCorruptionException.class);
  }

  @Test
  void damageInTheMidstOfALog_losesTheCommitsBehindIt() throws IOException {
    RecordingDisk good = DirectoryWithLog.of(COMMITS, 0);
    String first = logs(good).get(0);
    int second = 64 + length(good.files().get(first), 64);

    Fault fault = onlyFault(verify(flipped(good, first, second + 20)));

    assertThat(fault.file()).isEqualTo(first);
    assertThat(fault.offset()).isEqualTo(second);
    assertThat(fault.loss()).isEqualTo(new Commits(1, OptionalLong.of(COMMITS)));
  }

  private static int length(byte[] file, int at) {
    return (file[at] & 0xFF) | (file[at + 1] & 0xFF) << 8;
  }

  @Test
  void missingLog_losesCommits() throws IOException {
    RecordingDisk good = DirectoryWithLog.of(COMMITS, COMMITS);

    Fault fault = onlyFault(verify(without(good, logs(good).get(0))));

    assertThat(fault.problem()).isEqualTo("Manifest names a file that is not there");
    assertThat(fault.loss()).isEqualTo(new Commits(0, OptionalLong.of(COMMITS)));
  }

  private static List<String> logs(RecordingDisk disk) {
    return disk.list().stream().filter(name -> name.endsWith(".log")).toList();
  }

  private static String lastLog(RecordingDisk disk) {
    List<String> logs = logs(disk);
    assertThat(logs).hasSizeGreaterThan(1);
    return logs.get(logs.size() - 1);
  }

  @Test
  void faults_areBounded_andTheOthersCounted() {
    RecordingDisk disk = new RecordingDisk();
    try (TimelogStore store =
        StoresOnDisks.open(disk, StoreScript.settings(CommitLog.NONE), Unwatched.observers())) {
      Table events = store.openTable(TableOptions.multimap("e").windowSize(1, 0).build());
      for (int i = 0; i < VerificationReport.MAX_FAULTS + 5; i++) {
        events.append("k".getBytes(UTF_8), i, new byte[0]);
      }
      store.commit("t".getBytes(UTF_8));
    }
    VerificationReport report = verify(without(disk, SEGMENTS));

    assertThat(report.faults()).hasSize(VerificationReport.MAX_FAULTS);
    assertThat(report.omittedFaults()).isEqualTo(5);
  }

  /** One segment after the other, of which none is kept. */
  @Test
  void memory_isThatOfOneSegment() throws IOException {
    RecordingDisk disk = new RecordingDisk();
    int windows = 40;
    try (TimelogStore store =
        StoresOnDisks.open(disk, StoreScript.settings(CommitLog.NONE), Unwatched.observers())) {
      Table events = store.openTable(TableOptions.multimap("e").windowSize(1, 0).build());
      for (int i = 0; i < windows; i++) {
        events.append("k".getBytes(UTF_8), i, new byte[50_000]);
      }
      store.commit("t".getBytes(UTF_8));
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    verify(disk);
    long before = threads.getCurrentThreadAllocatedBytes();
    VerificationReport report = verify(disk);

    // Each byte is read into memory once, and some sections again.
    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .isLessThan(2 * report.bytes() + (1 << 20));
  }

  @Test
  void directoryOfTheOperatingSystem_isNotChanged() throws IOException {
    Path directory = temporary.resolve("store");
    try (TimelogStore store = TimelogStore.open(directory, TimelogStore.builder())) {
      fill(store);
    }
    Map<String, String> before = contents(directory);

    VerificationReport report = TimelogStore.verify(directory);

    assertThat(report.isSound()).isTrue();
    assertThat(report.rows()).isEqualTo(27);
    assertThat(TimelogStore.committedToken(directory))
        .hasValueSatisfying(token -> assertThat(token).isEqualTo("t".getBytes(UTF_8)));
    assertThat(contents(directory)).isEqualTo(before);
  }

  private static Map<String, String> contents(Path directory) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        contents.put(
            file.getFileName().toString(),
            Files.getLastModifiedTime(file) + " " + Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  @Test
  void copyWithoutALock_isReadAllTheSame() throws IOException {
    Path directory = temporary.resolve("store");
    try (TimelogStore store = TimelogStore.open(directory, TimelogStore.builder())) {
      fill(store);
    }
    Files.delete(directory.resolve("LOCK"));

    assertThat(TimelogStore.verify(directory).isSound()).isTrue();
    assertThat(directory.resolve("LOCK")).doesNotExist();
  }

  @Test
  void storeThatIsOpen_isRefused() {
    Path directory = temporary.resolve("store");
    try (TimelogStore store = TimelogStore.open(directory, TimelogStore.builder().name("orders"))) {
      fill(store);
      assertThatThrownBy(() -> TimelogStore.verify(directory))
          .isInstanceOfSatisfying(
              StoreLockedException.class, e -> assertThat(e.holder()).endsWith("store=orders"));
      assertThatThrownBy(() -> TimelogStore.committedToken(directory))
          .isInstanceOf(StoreLockedException.class);
      store.table("state").put(new byte[1], 1, new byte[1]);
      store.commit(new byte[0]);
    }
    assertThat(TimelogStore.verify(directory).commit()).isEqualTo(2);
  }

  @Test
  void storeThatIsRead_isNotOpened_butAfterwards() {
    Path directory = temporary.resolve("store");
    TimelogStore.open(directory, TimelogStore.builder()).close();

    try (ClosedDirectory reading = ClosedDirectory.find(directory).orElseThrow()) {
      assertThat(reading).isNotNull();
      assertThatThrownBy(() -> TimelogStore.open(directory, TimelogStore.builder()))
          .isInstanceOfSatisfying(
              StoreLockedException.class,
              e -> assertThat(e.holder()).contains("the directory is being read"));
    }
    TimelogStore.open(directory, TimelogStore.builder()).close();
  }

  @Test
  void nothing_isNoStore() {
    Path nothing = temporary.resolve("nothing");

    assertThatThrownBy(() -> TimelogStore.verify(nothing))
        .isInstanceOfSatisfying(
            TimelogStorageException.class, e -> assertThat(e.path()).isEqualTo(nothing));
    assertThat(TimelogStore.committedToken(nothing)).isEmpty();
    assertThat(nothing).doesNotExist();
  }

  @Test
  void tokenOfAStoreThatNeverCommitted_isNone() throws IOException {
    Path directory = temporary.resolve("store");
    Files.createDirectory(directory);
    assertThat(TimelogStore.committedToken(directory)).isEmpty();
    TimelogStore.open(directory, TimelogStore.builder()).close();
    assertThat(TimelogStore.committedToken(directory)).isEmpty();
    try (Stream<Path> files = Files.list(directory)) {
      // The lock, a manifest and a log.
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void tokenOfAStoreOfWhichAFileIsMissing_isNotGiven() throws IOException {
    RecordingDisk missing = without(twoTables(), SEGMENTS);
    assertThatThrownBy(() -> tokenIn(missing)).isInstanceOf(TimelogCorruptionException.class);
    RecordingDisk unnamed = without(twoTables(), MANIFEST);
    assertThatThrownBy(() -> tokenIn(unnamed)).isInstanceOf(TimelogCorruptionException.class);
  }
}
