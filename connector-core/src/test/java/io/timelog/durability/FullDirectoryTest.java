package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.CommitLog;
import io.timelog.ExportedFile;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.StoreExport;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimelogStore;
import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.inspection.Verification;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.io.InputStream;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store in a directory that has more than its memory budget holds: commits and exports go on. */
@Timeout(120)
final class FullDirectoryTest {
  private static final long BUDGET_BYTES = 2 << 20;

  /** Of a window with the segment that a flush makes of it beside it: a part of the reserve. */
  private static final int WINDOW_BYTES = 40_000;

  private static TimelogStore open(RecordingDisk disk, Maintenance maintenance) {
    return StoresOnDisks.open(
        disk,
        TimelogStore.builder()
            .memoryBudget(MemoryBudget.ofBytes(BUDGET_BYTES))
            .targetPageBytes(4096)
            .maintenance(maintenance)
            .commitLog(CommitLog.NONE),
        Unwatched.observers());
  }

  private static Table openTable(TimelogStore store, int windowTicks) {
    return store.openTable(TableOptions.map("state").windowSize(windowTicks, 0).build());
  }

  /** Puts until the store refuses, or has far more than fits; returns how many it has taken. */
  private static int fill(TimelogStore store, int valueBytes) {
    int windowTicks = Math.max(1, WINDOW_BYTES / (valueBytes + 80));
    return fill(openTable(store, windowTicks), new SplittableRandom(valueBytes), valueBytes);
  }

  private static int fill(Table state, SplittableRandom random, int valueBytes) {
    int most = (int) (3 * BUDGET_BYTES / (valueBytes + 40));
    for (int i = 0; i < most; i++) {
      byte[] value = new byte[valueBytes];
      random.nextBytes(value);
      try {
        state.put(key(i), i, value);
      } catch (MemoryBudgetExceededException full) {
        return i;
      }
    }
    return most;
  }

  private static byte[] key(int number) {
    return ("key " + number).getBytes(UTF_8);
  }

  private static byte[] token(int number) {
    return ("t" + number).getBytes(UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "20, DISABLED",
    "200, DISABLED",
    "9000, DISABLED",
    "60000, DISABLED",
    "200, BACKGROUND"
  })
  void commitOfAFullStore_hasAllOfIt(int valueBytes, Maintenance maintenance) throws IOException {
    RecordingDisk disk = new RecordingDisk();
    int entries;
    try (TimelogStore store = open(disk, maintenance)) {
      entries = fill(store, valueBytes);
      assertThat(entries).isPositive();
      assertThat(store.commit(token(1))).isEqualTo(1);
      // And again, with what a full store takes: overwrites and deletes.
      Table state = store.table("state");
      state.put(key(entries - 1), entries - 1, new byte[valueBytes]);
      state.remove(key(entries / 2), entries / 2);
      assertThat(store.commit(token(2))).isEqualTo(2);
      state.deleteBefore(entries / 4);
      assertThat(store.commit(token(3))).isEqualTo(3);
      assertThat(store.memoryBudget().usedBytes()).isLessThanOrEqualTo(BUDGET_BYTES);
    }

    assertThat(Verification.of(disk, PageCodecs.NONE).faults()).isEmpty();
    try (TimelogStore store = open(disk, maintenance)) {
      Table state = store.table("state");
      assertThat(store.committedToken()).hasValueSatisfying(t -> assertThat(t).isEqualTo(token(3)));
      assertThat(state.get(key(entries - 1), entries - 1)).isEqualTo(new byte[valueBytes]);
      assertThat(state.get(key(entries / 2), entries / 2)).isNull();
      for (int i = entries / 4; i < entries; i += 1 + entries / 50) {
        assertThat(state.get(key(i), i) == null).as("entry %s", i).isEqualTo(i == entries / 2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void storeThatStaysFull_commitsAndForgets_forEver(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    RecordingDisk disk = new RecordingDisk();
    try (TimelogStore store = open(disk, Maintenance.DISABLED)) {
      Table state = openTable(store, 100);
      int oldest = 0;
      int next = 0;
      for (int round = 1; round <= 30; round++) {
        for (int i = 0; i < 1_500; i++) {
          try {
            state.put(key(next), next, new byte[random.nextInt(300)]);
            next++;
          } catch (MemoryBudgetExceededException full) {
            oldest += 1_000;
            state.deleteBefore(oldest);
          }
        }
        assertThat(store.commit(token(round))).isEqualTo(round);
      }
    }
    assertThat(Verification.of(disk, PageCodecs.NONE).faults()).isEmpty();
    try (TimelogStore store = open(disk, Maintenance.DISABLED)) {
      assertThat(store.recovery().commit()).isEqualTo(30);
      assertThat(store.table("state").liveEntries()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 200, 9000})
  void exportOfAFullStore_isWhole_andCommitsGoOnBesideIt(int valueBytes) throws IOException {
    RecordingDisk disk = new RecordingDisk();
    try (TimelogStore store = open(disk, Maintenance.DISABLED)) {
      int entries = fill(store, valueBytes);
      try (StoreExport export = store.beginExport()) {
        store.commit(token(1));
        long bytes = 0;
        for (ExportedFile file : export.write()) {
          try (InputStream in = file.newInputStream()) {
            bytes += in.readAllBytes().length;
          }
        }
        assertThat(bytes).isGreaterThan((long) entries * valueBytes);
        store.table("state").deleteBefore(entries / 2);
        store.commit(token(2));
      }
      store.commit(token(3));
    }
    assertThat(Verification.of(disk, PageCodecs.NONE).faults()).isEmpty();
  }
}
