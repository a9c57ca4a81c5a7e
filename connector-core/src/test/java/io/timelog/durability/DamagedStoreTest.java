package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.timelog.CommitLog;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.FailingDisk;
import io.timelog.internal.storage.disk.FailingDisk.Fault;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Damage is told by file and offset when a store is opened, and changes nothing. */
final class DamagedStoreTest {
  private static final String MANIFEST = "MANIFEST-0000000000000002";
  private static final String SEGMENTS = "0000000000000000.seg";

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
    return StoresOnDisks.open(disk, StoreScript.settings(CommitLog.NONE), Unwatched.observers());
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
      }
    }
  }

  private static TimelogCorruptionException damageOf(RecordingDisk disk, String what) {
    Map<String, byte[]> before = new TreeMap<>(disk.files());
    Throwable thrown = catchThrowable(() -> open(disk).close());
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
