package io.timelog.internal.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.FileId;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.manifest.Manifest;
import io.timelog.internal.manifest.PlacedSegment;
import io.timelog.internal.manifest.SegmentEntry;
import io.timelog.internal.manifest.SourceEntry;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.manifest.StoreManifestFormat;
import io.timelog.internal.manifest.TableEntry;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.manifest.TableShape.GridKind;
import io.timelog.internal.manifest.TableShape.GridShape;
import io.timelog.internal.manifest.WindowEntry;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.CrashStates;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.FailingDisk;
import io.timelog.internal.storage.disk.FailingDisk.Fault;
import io.timelog.internal.storage.disk.ForgetfulDisk;
import io.timelog.internal.storage.disk.ForgetfulDisk.Forgotten;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In these stores, commit n wrote segment file n of 40 bytes, and names it and log 100. */
final class ManifestFilesTest {
  private static final UUID STORE = new UUID(1, 2);
  private static final int SEGMENT_BYTES = 40;
  private static final long LOG = 100;

  private final RecordingDisk disk = new RecordingDisk();
  private final ManifestFiles manifests = new ManifestFiles(disk);

  @Test
  void directoryWithoutManifests_hasNone() throws IOException {
    write(disk, "0000000000000001.seg", 8);

    assertThat(manifests.newest()).isEmpty();
    assertThat(manifests.nextNumber()).isEqualTo(1);
  }

  @Test
  void writtenManifest_isTheNewest() throws IOException {
    commit(disk, 1);
    commit(disk, 2);

    assertThat(manifests.newest()).hasValue(manifest(2));
    assertThat(disk.list()).contains("MANIFEST-0000000000000001", "MANIFEST-0000000000000002");
    assertThat(manifests.nextNumber()).isEqualTo(3);
  }

  @Test
  void others_areDeleted_andFilesOfOthersAreLeft() throws IOException {
    commit(disk, 1);
    commit(disk, 2);
    write(disk, "MANIFEST-0000000000000007.tmp", 3);
    write(disk, "notes.txt", 3);

    assertThat(manifests.nextNumber()).isEqualTo(8);
    manifests.deleteOthers(manifest(2));

    assertThat(manifests.newest()).hasValue(manifest(2));
    assertThat(disk.list())
        .containsExactly(
            "0000000000000001.seg",
            "0000000000000002.seg",
            "0000000000000064.log",
            "MANIFEST-0000000000000002",
            "notes.txt");
  }

  @Test
  void unfinishedManifest_doesNotCount() throws IOException {
    commit(disk, 1);
    try (AppendFile file = disk.create("MANIFEST-0000000000000002.tmp")) {
      file.write(ByteBuffer.wrap(StoreManifestFormat.encode(manifest(2))));
    }

    assertThat(manifests.newest()).hasValue(manifest(1));
  }

  @Test
  void damagedManifest_isReported_andNoOlderOneIsTaken() throws IOException {
    commit(disk, 1);
    commit(disk, 2);
    String newest = new StoreFile(Kind.MANIFEST, 2).name();
    byte[] good = disk.files().get(newest);

    for (int length = 0; length < good.length; length++) {
      assertDamaged("length " + length, newest, Arrays.copyOf(good, length));
    }
    for (int bit = 0; bit < 8 * good.length; bit++) {
      byte[] flipped = good.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertDamaged("bit " + bit, newest, flipped);
    }
  }

  private void assertDamaged(String what, String manifest, byte[] bytes) {
    assertThatThrownBy(() -> with(manifest, bytes).newest())
        .as(what)
        .isInstanceOfSatisfying(
            TimelogCorruptionException.class, e -> assertThat(e.file()).isEqualTo(manifest));
  }

  @Test
  void manifestOfWhichAFileIsMissingOrShort_isReported() throws IOException {
    commit(disk, 1);
    commit(disk, 2);
    Map<String, byte[]> files = new HashMap<>(disk.files());

    files.put("0000000000000002.seg", new byte[SEGMENT_BYTES - 1]);
    assertThatThrownBy(() -> new ManifestFiles(new RecordingDisk(files)).newest())
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessage(
            "Manifest names a file that was longer: file=0000000000000002.seg, expectedLength=40,"
                + " length=39, source=MANIFEST-0000000000000002@0");
    files.remove("0000000000000002.seg");
    assertThatThrownBy(() -> new ManifestFiles(new RecordingDisk(files)).newest())
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessage(
            "Manifest names a file that is not there: file=0000000000000002.seg,"
                + " source=MANIFEST-0000000000000002@0");
  }

  @Test
  void manifestUnderTheNameOfAnother_isReported() throws IOException {
    commit(disk, 1);
    commit(disk, 2);
    byte[] first = disk.files().get("MANIFEST-0000000000000001");

    assertThatThrownBy(() -> with("MANIFEST-0000000000000003", first).newest())
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessage(
            "Manifest has the name of another one: number=1,"
                + " source=MANIFEST-0000000000000003@0");
  }

  @Test
  void manifestOfANewerVersion_isNoDamage_andHidesNoOlderOne() throws IOException {
    commit(disk, 1);
    byte[] newer = StoreManifestFormat.encode(manifest(2));
    newer[16] = 9;
    ByteBuffer bytes = ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    crc.update(newer, 16, newer.length - 16);
    bytes.putInt(12, (int) crc.getValue());

    assertThatThrownBy(() -> with("MANIFEST-0000000000000002", newer).newest())
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessageContaining("formatVersion=9");
  }

  @Test
  void crash_leavesTheLastCommitOrTheOneUnderWay() throws IOException {
    CrashStates states = new CrashStates(16, 400, 1);

    assertThat(violations(disk, disk, states)).isZero();

    assertThat(states.distinct()).isGreaterThan(1_000);
  }

  @ParameterizedTest
  @EnumSource(names = {"FORCE_OF_TEMPORARY_FILES", "SYNC_AFTER_RENAME"})
  void crashOfADiskThatForgets_losesCommits(Forgotten forgotten) throws IOException {
    CrashStates states = new CrashStates(16, 400, 1);

    assertThat(violations(new ForgetfulDisk(disk, forgotten), disk, states)).isPositive();
  }

  /** Commits to a disk, and counts the states after a crash in which the wrong commit is found. */
  private static int violations(Disk disk, RecordingDisk recording, CrashStates states)
      throws IOException {
    for (int commit = 1; commit <= 5; commit++) {
      recording.mark("called");
      commit(disk, commit);
      recording.mark("acknowledged");
      new ManifestFiles(disk).deleteOthers(manifest(commit));
      if (commit > 1) {
        disk.delete(new StoreFile(Kind.SEGMENTS, commit - 1).name());
      }
    }
    int[] violations = {0};
    states.forEach(
        recording,
        crash -> {
          long called = crash.marks().stream().filter("called"::equals).count();
          long acknowledged = crash.marks().size() - called;
          violations[0] += isFound(crash.disk(), acknowledged, called) ? 0 : 1;
        });
    return violations[0];
  }

  private static boolean isFound(Disk disk, long acknowledged, long called) {
    try {
      long found = newestNumber(disk);
      return acknowledged <= found && found <= called;
    } catch (TimelogCorruptionException e) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void failure_leavesTheManifestBefore_orTheNewOne(Fault fault) throws IOException {
    for (int call = 1; ; call++) {
      RecordingDisk recording = new RecordingDisk();
      commit(recording, 1);
      writeFiles(recording, 2);
      FailingDisk failing = new FailingDisk(recording, fault, call);

      Throwable failure = catchThrowable(() -> new ManifestFiles(failing).write(manifest(2)));

      long newest = newestNumber(recording);
      if (!failing.hasFailed()) {
        assertThat(failure).isNull();
        assertThat(newest).isEqualTo(2);
        return;
      }
      assertThat(failure).isInstanceOf(IOException.class);
      assertThat(newest).isBetween(1L, 2L);

      // A later attempt, with another number, succeeds.
      ManifestFiles again = new ManifestFiles(recording);
      again.write(numbered(again.nextNumber(), 2));
      assertThat(again.newest().orElseThrow().commit()).isEqualTo(2);
    }
  }

  private static long newestNumber(Disk disk) {
    try {
      return new ManifestFiles(disk).newest().map(StoreManifest::number).orElse(0L);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The same files, but for one. */
  private ManifestFiles with(String name, byte[] bytes) {
    Map<String, byte[]> files = new HashMap<>(disk.files());
    files.put(name, bytes);
    return new ManifestFiles(new RecordingDisk(files));
  }

  private static void commit(Disk disk, long number) throws IOException {
    writeFiles(disk, number);
    new ManifestFiles(disk).write(manifest(number));
  }

  private static void writeFiles(Disk disk, long number) throws IOException {
    String log = new StoreFile(Kind.LOG, LOG).name();
    if (!disk.list().contains(log)) {
      write(disk, log, 0);
    }
    write(disk, new StoreFile(Kind.SEGMENTS, number).name(), SEGMENT_BYTES);
  }

  private static void write(Disk disk, String name, int length) throws IOException {
    try (AppendFile file = disk.create(name)) {
      file.write(ByteBuffer.allocate(length));
      file.force();
    }
  }

  private static StoreManifest manifest(long number) {
    return numbered(number, number);
  }

  private static StoreManifest numbered(long number, long commit) {
    FileId first = new FileId(STORE, 2 * commit);
    FileId second = new FileId(STORE, 2 * commit + 1);
    TableShape shape =
        new TableShape(
            "t",
            Rule.MAP,
            LateEntries.ACCEPT,
            KeyGroups.NONE,
            WindowIndex.KEY,
            new GridShape(GridKind.DECLARED, 10, 0));
    SourceEntry source =
        new SourceEntry(
            false,
            1,
            RangeReach.NO_RANGES,
            List.of(
                new SegmentEntry(first, 16, 3, 0, 0, 0, 9),
                new SegmentEntry(second, SEGMENT_BYTES - 16, 4, 0, 0, 0, 9)));
    return new StoreManifest(
        number,
        commit,
        CommitToken.of(new byte[] {(byte) commit}),
        1_000,
        1,
        1,
        1,
        new Manifest(
            STORE,
            commit,
            List.of(
                new TableEntry(
                    0, shape, 0, 0, List.of(), List.of(new WindowEntry(0, 9, List.of(source)))))),
        List.of(new PlacedSegment(first, commit, 0), new PlacedSegment(second, commit, 16)),
        List.of(),
        List.of(new LogEntry(LOG, LogEntry.OPEN)));
  }
}
