package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.PageCodec;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.VerificationReport;
import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.inspection.DirectoryWithLog;
import io.timelog.internal.inspection.LastToken;
import io.timelog.internal.inspection.Verification;
import io.timelog.internal.journal.LogOfCommits;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.FailingDisk;
import io.timelog.internal.storage.disk.FailingDisk.Fault;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.testing.DeflateCodec;
import io.timelog.testing.Mutator;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damage is told by file and offset by who meets it, at the latest who reads, and changes nothing;
 * and it is never silent. A change of bytes is <em>silent</em> if nobody tells of it and what is
 * read is not what was committed: opening the store and reading all of it throws nothing, and
 * {@link TimelogStore#verify} finds neither a fault nor a torn tail. A change of bytes that nobody
 * reads, such as some behind all that a manifest names, leaves the answer right, and is not silent.
 *
 * <p>More is demanded here: a verification tells of each change of a byte that counts, and what is
 * read without an exception is right, whether a verification tells or not.
 */
@Execution(ExecutionMode.CONCURRENT)
final class DamagedStoreTest {
  private static final String MANIFEST = "MANIFEST-0000000000000002";
  private static final String SEGMENTS = "0000000000000000.seg";
  private static final int COMMITS = 6;
  private static final PageCodec CODEC = new DeflateCodec();
  private static final PageCodecs GIVEN = new PageCodecs(null, List.of(CODEC));

  private final RecordingDisk good = new RecordingDisk();

  @BeforeEach
  void commitTwoSegments() {
    try (TimelogStore store = open(good)) {
      Table events = store.openTable(TableOptions.multimap("events").windowSize(10, 0).build());
      for (int i = 0; i < 20; i++) {
        events.append("key".getBytes(UTF_8), i, ("value " + i).getBytes(UTF_8));
      }
      store.commit("t".getBytes(UTF_8));
    }
    assertThat(good.files()).containsOnlyKeys(MANIFEST, SEGMENTS);
  }

  private static TimelogStore open(Disk disk) {
    return open(disk, StoreScript.settings(CommitLog.NONE).decompression(CODEC));
  }

  private static TimelogStore open(Disk disk, TimelogStore.Builder settings) {
    return StoresOnDisks.open(disk, settings, Unwatched.observers());
  }

  private RecordingDisk with(String name, byte[] bytes) {
    Map<String, byte[]> files = new HashMap<>(good.files());
    files.put(name, bytes);
    return new RecordingDisk(files);
  }

  private RecordingDisk without(String name) {
    Map<String, byte[]> files = new HashMap<>(good.files());
    files.remove(name);
    return new RecordingDisk(files);
  }

  private byte[] bytes(String name) {
    return good.files().get(name).clone();
  }

  @Test
  void everyFlippedBit_isReported_withTheFileAndTheOffset() {
    for (String name : good.files().keySet()) {
      int length = bytes(name).length;
      for (int at = 0; at < length; at++) {
        byte[] damaged = bytes(name);
        damaged[at] ^= (byte) (1 << at % 8);

        TimelogCorruptionException damage = damageOf(with(name, damaged), name + "@" + at);
        assertThat(damage.file()).as("%s@%s", name, at).isEqualTo(name);
        assertThat(damage.offset()).as("%s@%s", name, at).isBetween(0L, (long) length);
        assertThat(verify(with(name, damaged)).faults())
            .as("%s@%s", name, at)
            .hasSize(1)
            .allMatch(fault -> fault.file().equals(name) && fault.offset() <= length);
      }
    }
  }

  @Test
  void damageInTheSecondSegmentOfAFile_isToldByItsPlaceThere() {
    byte[] damaged = bytes(SEGMENTS);
    damaged[damaged.length - 1] ^= 1;

    TimelogCorruptionException damage = damageOf(with(SEGMENTS, damaged), "end");

    assertThat(damage.offset()).isGreaterThan(damaged.length / 2);
    assertThat(damage)
        .hasMessageStartingWith("A segment is damaged: ")
        .hasCauseInstanceOf(TimelogCorruptionException.class);
  }

  @Test
  void everyTruncation_isReported() {
    for (String name : good.files().keySet()) {
      byte[] whole = bytes(name);
      for (int length = 0; length < whole.length; length++) {
        TimelogCorruptionException damage =
            damageOf(with(name, Arrays.copyOf(whole, length)), name + ":" + length);
        assertThat(damage.file()).isEqualTo(MANIFEST);
        assertThat(verify(with(name, Arrays.copyOf(whole, length))).isSound())
            .as("%s:%s", name, length)
            .isFalse();
      }
    }
  }

  private static VerificationReport verify(RecordingDisk disk) {
    try {
      return Verification.of(disk, GIVEN);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Opening reads where the entries lie; the rest is read by who asks for it. */
  private static void readAll(Disk disk) {
    try (TimelogStore store = open(disk)) {
      Contents.of(store);
      try (Cursor ofKey = store.table("events").scan("key".getBytes(UTF_8), TimeRange.all())) {
        while (ofKey.advance()) {
          assertThat(ofKey.value()).startsWith("value ".getBytes(UTF_8));
        }
      }
    }
  }

  private static TimelogCorruptionException damageOf(RecordingDisk disk, String what) {
    Map<String, byte[]> before = new TreeMap<>(disk.files());
    Throwable thrown = catchThrowable(() -> readAll(disk));
    assertThat(thrown).as(what).isInstanceOf(TimelogCorruptionException.class);
    assertThat(new TreeMap<>(disk.files())).as(what).containsExactlyEntriesOf(before);
    return (TimelogCorruptionException) thrown;
  }

  @Test
  void missingFile_isReportedByTheManifestThatNamesIt() {
    assertThatThrownBy(() -> open(without(SEGMENTS)))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessage(
            "Manifest names a file that is not there: file="
                + SEGMENTS
                + ", source="
                + MANIFEST
                + "@0");
  }

  @Test
  void missingManifest_isNoEmptyStore() {
    assertThatThrownBy(() -> open(without(MANIFEST)))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessage(
            "There are segments of a store, but no manifest that says what they are, source="
                + SEGMENTS
                + "@0");
  }

  /** Half of them flips of a bit, a quarter truncations, the others whatever fuzzers do. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void noneOfManyChanges_isSilent(long seed) throws IOException {
    Mutator mutator = new Mutator(seed);
    SplittableRandom random = new SplittableRandom(seed);
    TimelogStore.Builder compressing = StoreScript.settings(CommitLog.NONE).compression(CODEC);
    List<Stored> stores =
        List.of(
            Stored.of(good),
            Stored.of(timeIndexed(StoreScript.settings(CommitLog.NONE))),
            Stored.of(timeIndexed(compressing)),
            Stored.ofLog());
    Map<String, Integer> told = new TreeMap<>();
    for (int i = 0; i < 50_000; i++) {
      Stored stored = stores.get(random.nextInt(stores.size()));
      String name = stored.names.get(random.nextInt(stored.names.size()));
      byte[] whole = stored.files.get(name);
      byte[] changed = change(mutator, whole, random.nextInt(4));
      if (Arrays.equals(changed, whole)) {
        continue;
      }
      String what = "seed " + seed + ", change " + i + " of " + name;
      RecordingDisk disk = stored.with(name, changed);
      VerificationReport report = Verification.of(disk, GIVEN);
      boolean isTold = !report.isSound() || !report.tornTails().isEmpty();
      if (!isTold) {
        // Then it is behind what counts.
        assertThat(Arrays.equals(Arrays.copyOf(changed, whole.length), whole)).as(what).isTrue();
      }
      if (!isTold || i % 8 == 0) {
        stored.requireRightOrReported(disk, report, what);
      }
      told.merge(name + (isTold ? " told" : " unread"), 1, Integer::sum);
    }
    // All kinds of files, and changes that concern nobody among them.
    assertThat(told)
        .containsKeys(MANIFEST + " told", SEGMENTS + " told", SEGMENTS + " unread")
        .hasSizeGreaterThan(5);
  }

  private static byte[] change(Mutator mutator, byte[] whole, int kind) {
    return switch (kind) {
      case 0, 1 -> mutator.flipBit(whole);
      case 2 -> mutator.truncate(whole);
      default -> mutator.mutate(whole);
    };
  }

  /** A map with a time index, and a filter. */
  private static RecordingDisk timeIndexed(TimelogStore.Builder settings) {
    RecordingDisk disk = new RecordingDisk();
    try (TimelogStore store = open(disk, settings)) {
      Table state =
          store.openTable(TableOptions.map("map-state").windowSize(50, 0).indexTime().build());
      for (int i = 0; i < 100; i++) {
        state.put(("k" + i % 7).getBytes(UTF_8), i, ("s" + i).getBytes(UTF_8), new byte[i % 5]);
      }
      state.remove("k1".getBytes(UTF_8), 1, "s1".getBytes(UTF_8));
      state.deleteRange(TimeRange.of(20, 25));
      store.commit("t".getBytes(UTF_8));
    }
    return disk;
  }

  /** A directory as it was committed, and what is in it. */
  private static final class Stored {
    final Map<String, byte[]> files;
    final List<String> names;
    private final @Nullable Contents contents;

    private Stored(Map<String, byte[]> files, @Nullable Contents contents) {
      this.files = files;
      this.names = List.copyOf(new TreeMap<>(files).keySet());
      this.contents = contents;
    }

    static Stored of(RecordingDisk disk) {
      try (TimelogStore store = open(new RecordingDisk(disk.files()))) {
        return new Stored(disk.files(), Contents.of(store));
      }
    }

    static Stored ofLog() throws IOException {
      // What no manifest names, and no later batch, may also be a torn tail: see LogDamageTest.
      return new Stored(DirectoryWithLog.of(COMMITS, COMMITS).files(), null);
    }

    RecordingDisk with(String name, byte[] bytes) {
      Map<String, byte[]> changed = new HashMap<>(files);
      changed.put(name, bytes);
      return new RecordingDisk(changed);
    }

    void requireRightOrReported(RecordingDisk disk, VerificationReport report, String what) {
      Throwable thrown = catchThrowable(() -> requireRight(disk, what));
      if (thrown instanceof AssertionError wrong) {
        throw wrong;
      }
      if (thrown != null) {
        assertThat(thrown).as(what).isInstanceOf(TimelogCorruptionException.class);
        assertThat(report.isSound()).as(what).isFalse();
      }
    }

    private void requireRight(RecordingDisk disk, String what) throws IOException {
      if (contents != null) {
        try (TimelogStore store = open(disk)) {
          assertThat(Contents.of(store)).as(what).isEqualTo(contents);
        }
      } else {
        assertThat(LastToken.in(disk))
            .as(what)
            .hasValue(CommitToken.of(LogOfCommits.token(COMMITS)));
      }
    }
  }

  @Test
  void logThatNoManifestNames_wasOnlyBegun_andIsRemoved() {
    try (TimelogStore store = open(with("0000000000000007.log", new byte[8]))) {
      assertThat(store.recovery().removedFiles()).containsExactly("0000000000000007.log");
    }
  }

  @Test
  void fileThatCannotBeRead_isToldByItsPath() throws IOException {
    boolean failed = true;
    int refused = 0;
    for (int call = 1; failed; call++) {
      FailingDisk failing = new FailingDisk(new RecordingDisk(good.files()), Fault.IO_ERROR, call);
      Throwable thrown = catchThrowable(() -> open(failing).close());
      failed = failing.hasFailed();
      if (thrown != null) {
        refused++;
        assertThat(thrown)
            .isInstanceOfSatisfying(
                TimelogStorageException.class,
                e -> {
                  assertThat(e.path().startsWith(StoresOnDisks.DIRECTORY)).isTrue();
                  assertThat(e.operation()).isNotBlank();
                  assertThat(e)
                      .hasMessageContaining("reason=java.io.IOException: Input/output error")
                      .hasCauseInstanceOf(IOException.class);
                });
      }
    }
    assertThat(refused).isGreaterThan(10);
  }
}
