package io.timelog.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.MemoryBudget;
import io.timelog.MemoryClaim;
import io.timelog.PageCodec;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.testing.DeflateCodec;
import io.timelog.testing.PoisoningSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store that is closed and opened again and again, and reads from its files with hardly any
 * memory, has what a store has that does the same in memory. In every other round what is written
 * is compressed.
 */
@Execution(ExecutionMode.CONCURRENT)
final class PressedStoreModelTest {
  private static final int ROUNDS = 12;
  private static final int STEPS = 60;
  private static final PageCodec CODEC = new DeflateCodec();

  /** Room for a few pages. */
  private static final long LEFT_BYTES = 32 << 10;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void storeInFiles_equalsTheStoreInMemory(long seed) {
    RecordingDisk disk = new RecordingDisk();
    StoreScript script = new StoreScript(seed);
    StoreScript same = new StoreScript(seed);
    try (TimelogStore inMemory = StoreScript.settings(CommitLog.NONE).build()) {
      StoreScript.openTables(inMemory);
      for (int round = 0; round < ROUNDS; round++) {
        PoisoningSource source = new PoisoningSource();
        MemoryBudget budget = MemoryBudget.ofBytes(16 << 20, source);
        TimelogStore.Builder settings =
            StoreScript.settings(CommitLog.NONE)
                .memoryBudget(budget)
                .targetPageBytes(256)
                .decompression(CODEC);
        if (round % 2 == seed % 2) {
          settings.compression(CODEC);
        }
        try (TimelogStore inFiles = StoresOnDisks.open(disk, settings, Unwatched.observers())) {
          StoreScript.openTables(inFiles);
          compareWithLittleMemory(inMemory, inFiles, budget);
          for (int step = 0; step < STEPS; step++) {
            same.step(inMemory);
            script.step(inFiles);
          }
          compareWithLittleMemory(inMemory, inFiles, budget);
          inFiles.commit(new byte[0]);
        }
        assertThat(source.bytes()).isZero();
      }
    }
  }

  private static void compareWithLittleMemory(
      TimelogStore expected, TimelogStore actual, MemoryBudget budget) {
    try (MemoryClaim others = budget.claim()) {
      others.grow(budget.availableBytes() - LEFT_BYTES);
      assertThat(Contents.of(actual, "")).isEqualTo(Contents.of(expected, ""));
      for (String name : new TreeSet<>(expected.tables())) {
        compare(expected.table(name), actual.table(name));
      }
    }
  }

  private static void compare(Table expected, Table actual) {
    TimeRange all = TimeRange.all();
    assertThat(read(actual.scanAll(all))).isEqualTo(read(expected.scanAll(all)));
    assertThat(read(actual.scanAllBackward(all))).isEqualTo(read(expected.scanAllBackward(all)));
    assertThat(read(actual.scanKeys(null, null, all)))
        .isEqualTo(read(expected.scanKeys(null, null, all)));
    assertThat(actual.minTimestamp()).isEqualTo(expected.minTimestamp());
    assertThat(actual.maxTimestamp()).isEqualTo(expected.maxTimestamp());
    for (int number = 0; number < 4; number++) {
      byte[] key = ("k" + number).getBytes(StandardCharsets.UTF_8);
      assertThat(read(actual.scan(key, all))).isEqualTo(read(expected.scan(key, all)));
      assertThat(read(actual.scanBackward(key, all)))
          .isEqualTo(read(expected.scanBackward(key, all)));
    }
  }

  private static List<String> read(Cursor cursor) {
    List<String> entries = new ArrayList<>();
    try (cursor) {
      while (cursor.advance()) {
        entries.add(
            text(cursor.key())
                + "@"
                + cursor.timestamp()
                + "/"
                + text(cursor.subkey())
                + "="
                + text(cursor.value()));
      }
    }
    return entries;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
