package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.timelog.Codecs;
import io.timelog.CommitLog;
import io.timelog.Entry;
import io.timelog.ExportedFile;
import io.timelog.MemoryBudget;
import io.timelog.PageCodec;
import io.timelog.StoreExport;
import io.timelog.StoreImport;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.VerificationReport;
import io.timelog.VerificationReport.Fault;
import io.timelog.VerificationReport.Rows;
import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.inspection.Verification;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.testing.DeflateCodec;
import io.timelog.testing.PoisoningSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store whose files are compressed is any other store, in smaller files. */
@Execution(ExecutionMode.CONCURRENT)
final class CompressedStoreTest {
  private static final PageCodec DEFLATE = new DeflateCodec();
  private static final PageCodecs GIVEN = new PageCodecs(DEFLATE, List.of());
  private static final TableOptions EVENTS =
      TableOptions.multimap("events").windowSize(1_000, 0).build();
  private static final int ENTRIES = 5_000;
  private static final String SEGMENTS = "0000000000000000.seg";

  private final RecordingDisk disk = new RecordingDisk();

  private static TimelogStore.Builder settings() {
    return StoreScript.settings(CommitLog.NONE);
  }

  private static TimelogStore open(Disk disk, TimelogStore.Builder settings) {
    return StoresOnDisks.open(disk, settings, Unwatched.observers());
  }

  private static void append(Table events, int from, int to) {
    for (int i = from; i < to; i++) {
      events.append(("key " + i % 10).getBytes(UTF_8), i, ("a value " + i).getBytes(UTF_8));
    }
  }

  /** Commits entries, and returns what a store then has. */
  private static Contents commit(Disk disk, TimelogStore.Builder settings) {
    try (TimelogStore store = open(disk, settings)) {
      append(store.openTable(EVENTS), 0, ENTRIES);
      store.commit("t".getBytes(UTF_8));
      return Contents.of(store);
    }
  }

  private static long segmentBytes(RecordingDisk disk) {
    return disk.files().entrySet().stream()
        .filter(file -> file.getKey().endsWith(".seg"))
        .mapToLong(file -> file.getValue().length)
        .sum();
  }

  @ParameterizedTest
  @EnumSource
  void whatWasCommitted_isThere_inSmallerFiles(CommitLog log) {
    RecordingDisk plain = new RecordingDisk();
    Contents expected = commit(plain, StoreScript.settings(log));
    assertThat(commit(disk, StoreScript.settings(log).compression(DEFLATE))).isEqualTo(expected);
    for (RecordingDisk written : List.of(plain, disk)) {
      // What is in a log is flushed when it is found.
      try (TimelogStore store =
          open(written, StoreScript.settings(log).compression(DEFLATE).decompression(DEFLATE))) {
        assertThat(Contents.of(store)).isEqualTo(expected);
      }
    }

    assertThat(segmentBytes(disk)).isPositive();
    if (log == CommitLog.NONE) {
      assertThat(segmentBytes(disk)).isLessThan(segmentBytes(plain) / 2);
    }
    try (TimelogStore store = open(disk, settings().decompression(DEFLATE))) {
      assertThat(Contents.of(store)).isEqualTo(expected);
    }
  }

  @Test
  void storeThatIsNotGivenTheCodec_isRefused_byItsName_andStays() {
    Contents expected = commit(disk, settings().compression(DEFLATE));
    Map<String, byte[]> before = new TreeMap<>(disk.files());

    assertThatThrownBy(() -> open(disk, settings()))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessageStartingWith(
            "Pages are compressed by a codec that was not given; give it to compression or"
                + " decompression of the builder, or to the verification: codec=deflate, given=[],"
                + " source="
                + SEGMENTS
                + "@");
    assertThatThrownBy(() -> Verification.of(disk, PageCodecs.NONE))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessageContaining("codec=deflate");
    assertThat(new TreeMap<>(disk.files())).containsExactlyEntriesOf(before);

    try (TimelogStore store = open(disk, settings().decompression(DEFLATE))) {
      assertThat(Contents.of(store)).isEqualTo(expected);
    }
  }

  @Test
  void codecThatIsGivenToReadOnly_isGoneWhenAllWasMerged() {
    commit(disk, settings().compression(DEFLATE));
    Contents expected;
    try (TimelogStore store = open(disk, settings().decompression(DEFLATE))) {
      append(store.openTable(EVENTS), 0, ENTRIES);
      store.flush();
      store.compact();
      store.commit("t".getBytes(UTF_8));
      expected = Contents.of(store);
    }

    // The manifest is one that the first builds read.
    assertThat(manifest().getShort(16)).isEqualTo((short) 1);
    try (TimelogStore store = open(disk, settings())) {
      assertThat(Contents.of(store)).isEqualTo(expected);
    }
  }

  private ByteBuffer manifest() {
    String name =
        disk.files().keySet().stream()
            .filter(file -> file.startsWith("MANIFEST-"))
            .findFirst()
            .orElseThrow();
    return ByteBuffer.wrap(disk.files().get(name)).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void manifestOfCompressedSegments_isTooNewForTheFirstBuilds() {
    commit(disk, settings().compression(DEFLATE));

    assertThat(manifest().getShort(16)).isEqualTo((short) 2);
  }

  @Test
  void whatIsLargerThanMemory_isWrittenAndRead() {
    PoisoningSource source = new PoisoningSource();
    MemoryBudget budget = MemoryBudget.ofBytes(2 << 20, source);
    TimelogStore.Builder settings = settings().memoryBudget(budget).compression(DEFLATE);
    int entries = 200_000;
    try (TimelogStore store = open(disk, settings)) {
      Table events = store.openTable(EVENTS);
      append(events, 0, entries);
      assertThat(store.stats().spilledBytes()).isGreaterThan(budget.limitBytes());
      assertThat(segmentBytes(disk)).isPositive();
      assertThat(Entries.read(events)).hasSize(entries).doesNotHaveDuplicates();
      assertThat(events.count("key 7".getBytes(UTF_8), TimeRange.all())).isEqualTo(entries / 10);
      store.commit(new byte[0]);
    }
    assertThat(source.bytes()).isZero();

    try (TimelogStore store = open(disk, settings)) {
      assertThat(Entries.read(store.openTable(EVENTS))).hasSize(entries);
    }
    assertThat(source.bytes()).isZero();
  }

  @Test
  void exportsHaveSegmentsAsTheyAre_soNobodyNeedsTheCodecToImportThem() throws IOException {
    RecordingDisk plain = new RecordingDisk();
    commit(plain, settings());
    Contents expected = commit(disk, settings().compression(DEFLATE));
    try (TimelogStore store = open(disk, settings().compression(DEFLATE));
        TimelogStore same = open(plain, settings());
        StoreExport export = store.beginExport();
        StoreExport asItIs = same.beginExport()) {
      assertThat(bytes(export)).isEqualTo(bytes(asItIs));
      try (TimelogStore imported =
          StoreImport.into(TimelogStore.builder())
              .add(export.metadata(), export::open, 0, Integer.MAX_VALUE)
              .finish()) {
        assertThat(Contents.of(imported, expected.token())).isEqualTo(expected);
      }
    }
  }

  /** The bytes of all files, read in small parts. */
  private static List<ByteBuffer> bytes(StoreExport export) throws IOException {
    List<ByteBuffer> all = new ArrayList<>();
    for (ExportedFile file : export.write()) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.length());
      try (InputStream in = file.newInputStream()) {
        byte[] part = new byte[1_000];
        for (int size = in.read(part); size >= 0; size = in.read(part)) {
          bytes.put(part, 0, size);
        }
      }
      all.add(bytes.flip());
    }
    return all;
  }

  /** Commits two segments of one page each, in one file. */
  private void commitTwoPages() {
    try (TimelogStore store = open(disk, settings().compression(DEFLATE))) {
      Table events = store.openTable(TableOptions.multimap("events").windowSize(10, 0).build());
      append(events, 0, 20);
      store.commit("t".getBytes(UTF_8));
    }
  }

  @Test
  void damagedPage_losesItsRows_andTheOthersAreCounted() throws IOException {
    commitTwoPages();
    Map<String, byte[]> files = new HashMap<>(disk.files());
    // The header of the first segment is short, so this is its first page.
    files.get(SEGMENTS)[80] ^= 1;

    VerificationReport report = Verification.of(new RecordingDisk(files), GIVEN);

    assertThat(report.faults()).hasSize(1);
    Fault fault = report.faults().get(0);
    assertThat(fault.file()).isEqualTo(SEGMENTS);
    assertThat(fault.offset()).isBetween(40L, 80L);
    assertThat(fault.problem()).startsWith("Compressed page checksum mismatch: ");
    assertThat(fault.loss()).isEqualTo(new Rows("events", 0, 9, OptionalLong.of(10)));
    assertThat(report.rows()).isEqualTo(10);
  }

  @Test
  void everyChangedByte_isReported_withTheFileAndAnOffset() throws IOException {
    commitTwoPages();
    assertThat(Verification.of(disk, GIVEN).isSound()).isTrue();
    for (String name : disk.files().keySet()) {
      int length = disk.files().get(name).length;
      for (int at = 0; at < length; at++) {
        Map<String, byte[]> files = new HashMap<>(disk.files());
        files.get(name)[at] ^= (byte) (1 << at % 8);
        RecordingDisk damaged = new RecordingDisk(files);

        Throwable thrown = catchThrowable(() -> readAll(damaged));
        VerificationReport report = Verification.of(damaged, GIVEN);

        assertThat(thrown)
            .as("%s@%s", name, at)
            .isInstanceOfSatisfying(
                TimelogCorruptionException.class,
                damage -> {
                  assertThat(damage.file()).isEqualTo(name);
                  assertThat(damage.offset()).isBetween(0L, (long) length);
                });
        assertThat(report.faults())
            .as("%s@%s", name, at)
            .hasSize(1)
            .allMatch(fault -> fault.file().equals(name) && fault.offset() <= length);
      }
    }
  }

  private static void readAll(Disk disk) {
    try (TimelogStore store = open(disk, settings().compression(DEFLATE))) {
      Contents.of(store);
      // The indexes are read by who looks for a key.
      store.table("events").count("key 1".getBytes(UTF_8), TimeRange.all());
    }
  }

  @Test
  void codecThatFails_isARefusal_andTheNextCommitHasEverything() {
    FlawedCodec codec = new FlawedCodec();
    Contents expected;
    try (TimelogStore store = open(disk, settings().compression(codec))) {
      append(store.openTable(EVENTS), 0, ENTRIES);
      codec.failures.set(1);
      assertThatThrownBy(() -> store.commit("no".getBytes(UTF_8)))
          .isInstanceOfSatisfying(
              TimelogStorageException.class,
              refusal -> assertThat(refusal.operation()).isEqualTo("compress"))
          .hasRootCauseMessage("out of order");
      store.commit("yes".getBytes(UTF_8));
      expected = Contents.of(store);
    }
    try (TimelogStore store = open(disk, settings().compression(codec))) {
      assertThat(Contents.of(store)).isEqualTo(expected);
    }
  }

  @Test
  void codecThatFailsWhileMemoryIsShort_leavesSegmentsThere() {
    FlawedCodec codec = new FlawedCodec();
    codec.failures.set(3);
    int entries = 100_000;
    try (TimelogStore store =
        open(disk, settings().memoryBudget(MemoryBudget.ofBytes(2 << 20)).compression(codec))) {
      Table events = store.openTable(EVENTS);
      append(events, 0, entries);

      assertThat(codec.failures).hasValue(0);
      assertThat(Entries.read(events)).hasSize(entries).doesNotHaveDuplicates();
    }
  }

  @Test
  void segmentThatCannotBeReadWhereItWasWritten_staysInMemory() {
    ReadingDisk reading = new ReadingDisk(disk);
    int entries = 0;
    try (TimelogStore store =
        open(
            reading, settings().memoryBudget(MemoryBudget.ofBytes(2 << 20)).compression(DEFLATE))) {
      Table events = store.openTable(EVENTS);
      while (segmentBytes(disk) == 0) {
        append(events, entries, entries + 1_000);
        entries += 1_000;
        reading.fail(true);
        store.flush();
        reading.fail(false);
      }

      reading.fail(true);
      assertThat(Entries.read(events)).hasSize(entries).doesNotHaveDuplicates();
      reading.fail(false);
      store.commit(new byte[0]);
    }
    try (TimelogStore store = open(disk, settings().decompression(DEFLATE))) {
      assertThat(Entries.read(store.openTable(EVENTS))).hasSize(entries).doesNotHaveDuplicates();
    }
  }

  /** A codec that fails to compress as often as it is told to. */
  private static final class FlawedCodec implements PageCodec {
    private final AtomicInteger failures = new AtomicInteger();

    @Override
    public String name() {
      return DEFLATE.name();
    }

    @Override
    public boolean compress(ByteBuffer page, ByteBuffer target) {
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("out of order");
      }
      return DEFLATE.compress(page, target);
    }

    @Override
    public void decompress(ByteBuffer compressed, ByteBuffer page) {
      DEFLATE.decompress(compressed, page);
    }
  }

  @Test
  void logOfValues_isReopened_andVerified(@TempDir Path temporary) {
    Path directory = temporary.resolve("log");
    try (Timelog<String> log =
        Timelog.builder(Codecs.utf8())
            .directory(directory)
            .compression(DEFLATE)
            .commitLog(CommitLog.NONE)
            .build()) {
      for (int i = 0; i < ENTRIES; i++) {
        log.append(i, "value " + i);
      }
      log.commit(new byte[0]);
      try (Timelog<String> again = log.reopen()) {
        assertThat(again.count(TimeRange.all())).isEqualTo(ENTRIES);
        assertThat(again.point(77)).containsExactly(new Entry<>(77, "value 77"));
      }
    }

    assertThat(TimelogStore.verify(directory, DEFLATE).isSound()).isTrue();
    assertThatThrownBy(() -> TimelogStore.verify(directory))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessageContaining("codec=deflate, given=[]");
    assertThat(TimelogStore.committedToken(directory)).isPresent();
  }

  @Test
  void codecWithoutAProperName_isRefused() {
    PageCodec nameless =
        new PageCodec() {
          @Override
          public String name() {
            return "";
          }

          @Override
          public boolean compress(ByteBuffer page, ByteBuffer target) {
            return false;
          }

          @Override
          public void decompress(ByteBuffer compressed, ByteBuffer page) {}
        };

    assertThatIllegalArgumentException().isThrownBy(() -> settings().compression(nameless));
    assertThatIllegalArgumentException().isThrownBy(() -> settings().decompression(nameless));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStore.verify(Path.of("store"), nameless));
  }
}
