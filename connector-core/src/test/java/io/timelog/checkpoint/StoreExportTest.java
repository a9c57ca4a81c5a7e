package io.timelog.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.Cursor;
import io.timelog.ExportedFile;
import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.ReadableFile;
import io.timelog.StoreExport;
import io.timelog.StoreImport;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.testing.PoisoningSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An export is a moment of a store, whatever happens to the store meanwhile. */
final class StoreExportTest {
  private static final TableOptions EVENTS =
      TableOptions.multimap("events").keyGroups(KeyGroups.FIRST_BYTE).windowSize(100, 0).build();
  private static final TableOptions STATE =
      TableOptions.map("state").keyGroups(KeyGroups.FIRST_BYTE).unbounded().build();

  private final Depot depot = new Depot();

  static byte[] key(int group, int number) {
    return ByteBuffer.allocate(5).put((byte) group).putInt(number).array();
  }

  static byte[] value(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  static List<String> read(Table table) {
    List<String> entries = new ArrayList<>();
    try (Cursor cursor = table.scanByKey(TimeRange.all())) {
      while (cursor.advance()) {
        entries.add(
            new java.math.BigInteger(1, cursor.key()).toString(16)
                + "@"
                + cursor.timestamp()
                + "/"
                + cursor.subkey().length
                + "="
                + new java.math.BigInteger(1, cursor.value()));
      }
    }
    return entries;
  }

  private static TimelogStore.Builder settings() {
    return TimelogStore.builder()
        .memoryBudget(MemoryBudget.ofBytes(16 << 20, new PoisoningSource()))
        .targetPageBytes(512);
  }

  private static void fill(Table events, int from, int to) {
    for (int i = from; i < to; i++) {
      events.append(key(i % 8, i % 40), i, value(i));
    }
  }

  private TimelogStore restore(Depot.Stored stored) {
    return StoreImport.into(settings()).add(stored.metadata(), depot, 0, 255).finish();
  }

  private Depot.Stored export(TimelogStore store) {
    try (StoreExport export = store.beginExport()) {
      return depot.store(export);
    }
  }

  @Test
  void aRestoredStoreHasWhatWasExported() {
    try (TimelogStore store = settings().build()) {
      Table events = store.createTable(EVENTS);
      Table state = store.createTable(STATE);
      fill(events, 0, 1_000);
      state.put(key(1, 1), 5, value(1));
      state.put(key(1, 1), 5, value(2));
      state.put(key(2, 1), Long.MIN_VALUE, value(3));
      state.put(key(2, 1), Long.MAX_VALUE, new byte[] {7}, value(4));
      state.remove(key(2, 1), Long.MIN_VALUE);
      try (TimelogStore restored = restore(export(store))) {
        assertThat(restored.tables()).containsExactlyInAnyOrder("events", "state");
        assertThat(read(restored.table("events"))).isEqualTo(read(events)).hasSize(1_000);
        assertThat(read(restored.table("state"))).isEqualTo(read(state)).hasSize(2);
        restored.table("events").append(key(1, 1), 5, value(9));
        assertThat(read(restored.table("events"))).hasSize(1_001);
      }
    }
  }

  @Test
  void anEmptyStoreIsExportedWithItsTables() {
    try (TimelogStore store = settings().build()) {
      store.createTable(EVENTS);
      Depot.Stored stored = export(store);
      assertThat(stored.files()).isEmpty();
      try (TimelogStore restored = restore(stored)) {
        assertThat(restored.tables()).containsExactly("events");
      }
    }
  }

  @Test
  void whatHappensAfterTheMomentIsNotInTheExport() {
    try (TimelogStore store = settings().build()) {
      Table events = store.createTable(EVENTS);
      Table state = store.createTable(STATE);
      fill(events, 0, 1_000);
      state.put(key(1, 1), 5, value(1));
      List<String> expectedEvents = read(events);
      List<String> expectedState = read(state);
      try (StoreExport export = store.beginExport()) {
        fill(events, 0, 100);
        state.put(key(1, 1), 5, value(2));
        state.put(key(1, 2), 5, value(2));
        events.removeRange(key(2, 2), TimeRange.all());
        store.createTable(TableOptions.map("later").build()).put(key(1, 1), 1, value(1));
        store.flush();
        store.compact();
        try (TimelogStore restored = restore(depot.store(export))) {
          assertThat(read(restored.table("events"))).isEqualTo(expectedEvents);
          assertThat(read(restored.table("state"))).isEqualTo(expectedState);
          assertThat(restored.tables()).doesNotContain("later");
        }
      }
    }
  }

  @Test
  void anExportNamesTheFilesOfTheOneBefore() {
    try (TimelogStore store = settings().build()) {
      Table events = store.createTable(EVENTS);
      fill(events, 0, 1_000);
      Set<String> first = new HashSet<>(export(store).files());
      assertThat(first).hasSize(10);
      assertThat(new HashSet<>(export(store).files())).isEqualTo(first);
      fill(events, 1_000, 1_100);
      Set<String> second = new HashSet<>(export(store).files());
      assertThat(second).containsAll(first).hasSize(11);
      assertThat(depot.uploaded.get()).isEqualTo(11);
    }
  }

  @Test
  void aRestoredStoreNamesTheFilesItCameFrom() {
    try (TimelogStore store = settings().build()) {
      fill(store.createTable(EVENTS), 0, 1_000);
      Depot.Stored stored = export(store);
      try (TimelogStore restored = restore(stored)) {
        fill(restored.table("events"), 1_000, 1_100);
        Set<String> names = new HashSet<>(export(restored).files());
        assertThat(names).containsAll(stored.files()).hasSize(stored.files().size() + 1);
        assertThat(depot.uploaded.get()).isEqualTo(11);
      }
    }
  }

  @Test
  void aWindowThatIsDroppedBeforeTheWriteIsInTheExport() {
    for (LateEntries policy : LateEntries.values()) {
      try (TimelogStore store = settings().build()) {
        Table events =
            store.createTable(
                TableOptions.multimap("events").windowSize(100, 0).lateEntries(policy).build());
        fill(events, 0, 250);
        store.flush();
        fill(events, 0, 500);
        List<String> expected = read(events);
        try (StoreExport export = store.beginExport()) {
          events.deleteBefore(330);
          events.deleteRange(TimeRange.of(420, 440));
          store.flush();
          store.compact();
          assertThat(read(events)).hasSize(150);
          try (TimelogStore restored = restore(depot.store(export))) {
            assertThat(read(restored.table("events"))).isEqualTo(expected);
          }
          assertThat(read(events)).hasSize(150);
        }
      }
    }
  }

  @Test
  void deletesBeforeTheMomentGoWithTheExport() {
    for (LateEntries policy : LateEntries.values()) {
      try (TimelogStore store = settings().build()) {
        Table events =
            store.createTable(
                TableOptions.multimap("events").windowSize(100, 0).lateEntries(policy).build());
        fill(events, 0, 500);
        store.flush();
        events.deleteBefore(150);
        events.deleteRange(TimeRange.of(250, 420));
        fill(events, 260, 270);
        List<String> expected = read(events);
        try (TimelogStore restored = restore(export(store))) {
          Table again = restored.table("events");
          assertThat(read(again)).isEqualTo(expected);
          assertThat(again.floor()).isEqualTo(150);
          assertThat(again.append(key(0, 0), 120, value(1)))
              .isEqualTo(policy == LateEntries.ACCEPT);
          assertThat(again.append(key(0, 0), 300, value(1))).isTrue();
          restored.flush();
          restored.compact();
          assertThat(read(again)).hasSize(expected.size() + (policy == LateEntries.ACCEPT ? 2 : 1));
        }
      }
    }
  }

  @Test
  void removedEntriesOfOlderSegmentsStayRemoved() {
    try (TimelogStore store = settings().build()) {
      Table state = store.createTable(STATE);
      for (int i = 0; i < 200; i++) {
        state.put(key(i % 8, i), i, value(i));
      }
      store.flush();
      for (int i = 0; i < 200; i += 2) {
        state.remove(key(i % 8, i), i);
      }
      List<String> expected = read(state);
      assertThat(expected).hasSize(100);
      try (StoreExport export = store.beginExport()) {
        store.compact();
        try (TimelogStore restored = restore(depot.store(export))) {
          assertThat(read(restored.table("state"))).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void removedEntriesStayRemovedWhenTheSegmentWithThemIsGoneBeforeTheWrite() {
    try (TimelogStore store = settings().build()) {
      Table state = store.createTable(STATE);
      state.put(key(1, 1), 1, value(1));
      store.flush();
      state.remove(key(1, 1), 1);
      state.put(key(1, 2), 1_000, value(2));
      List<String> expected = read(state);
      try (StoreExport export = store.beginExport()) {
        state.deleteRange(TimeRange.of(1, 2));
        store.compact();
        assertThat(state.stats().segmentEntries()).isZero();
        try (TimelogStore restored = restore(depot.store(export))) {
          assertThat(read(restored.table("state"))).isEqualTo(expected).hasSize(1);
        }
        assertThat(read(state)).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Maintenance.class)
  void exportsWhileTheWriterGoesOn(Maintenance maintenance) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(3);
    try (TimelogStore store = settings().maintenance(maintenance).build()) {
      Table events = store.createTable(EVENTS);
      List<Future<List<String>>> restored = new ArrayList<>();
      List<List<String>> expected = new ArrayList<>();
      for (int round = 0; round < 12; round++) {
        fill(events, round * 400, round * 400 + 500);
        expected.add(read(events));
        StoreExport export = store.beginExport();
        restored.add(
            executor.submit(
                () -> {
                  try (export;
                      TimelogStore again = restore(depot.store(export))) {
                    return read(again.table("events"));
                  }
                }));
        events.deleteBefore(round * 300L);
      }
      for (int round = 0; round < expected.size(); round++) {
        assertThat(restored.get(round).get()).as("round %d", round).isEqualTo(expected.get(round));
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void filesStayReadableUntilTheExportIsClosed() throws Exception {
    MemoryBudget budget = MemoryBudget.ofBytes(16 << 20, new PoisoningSource());
    TimelogStore store = TimelogStore.builder().memoryBudget(budget).build();
    Table events = store.createTable(EVENTS);
    fill(events, 0, 1_000);
    StoreExport export = store.beginExport();
    List<ExportedFile> files = export.write();
    byte[] before = files.get(0).newInputStream().readAllBytes();
    events.deleteBefore(Long.MAX_VALUE);
    store.close();
    assertThat(files.get(0).newInputStream().readAllBytes()).isEqualTo(before);
    assertThat(budget.usedBytes()).isPositive();
    export.close();
    assertThat(budget.usedBytes()).isZero();
    try (ReadableFile closed = files.get(0).open()) {
      assertThatThrownBy(() -> closed.read(0, ByteBuffer.allocate(8)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("export is closed");
    }
    export.close();
  }

  @Test
  void aStoreThatIsClosedBeforeTheWriteEndsTheExport() {
    MemoryBudget budget = MemoryBudget.ofBytes(16 << 20, new PoisoningSource());
    TimelogStore store = TimelogStore.builder().memoryBudget(budget).build();
    fill(store.createTable(EVENTS), 0, 1_000);
    StoreExport export = store.beginExport();
    store.close();
    assertThatThrownBy(export::write)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    export.close();
    assertThat(budget.usedBytes()).isZero();
    assertThatThrownBy(store::beginExport).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anExportThatIsGivenUpLeavesNothing() {
    MemoryBudget budget = MemoryBudget.ofBytes(16 << 20, new PoisoningSource());
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      Table events = store.createTable(EVENTS);
      fill(events, 0, 1_000);
      StoreExport export = store.beginExport();
      assertThat(store.stats().openReaders()).isEqualTo(1);
      assertThatThrownBy(export::metadata).isInstanceOf(IllegalStateException.class);
      export.close();
      assertThat(store.stats().openReaders()).isZero();
      assertThatThrownBy(export::write)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("export is closed");
      assertThat(read(events)).hasSize(1_000);
    }
  }

  @Test
  void anExportNearTheBoundOfMemoryIsWrittenOrRefusedAndGoesOnLater() {
    MemoryBudget budget = MemoryBudget.ofBytes(4 << 20, new PoisoningSource());
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      Table events = store.createTable(EVENTS);
      int count = 0;
      try {
        while (true) {
          events.append(key(count % 8, count % 40), count / 10, new byte[100]);
          count++;
        }
      } catch (MemoryBudgetExceededException full) {
        assertThat(count).isGreaterThan(10_000);
      }
      List<String> expected = read(events);
      try (StoreExport export = store.beginExport()) {
        Depot.Stored stored = null;
        long cutoff = 0;
        while (stored == null) {
          try {
            stored = depot.store(export);
          } catch (MemoryBudgetExceededException noRoom) {
            assertThat(noRoom).hasMessageContaining("table=events");
            try (Cursor cursor = events.scanAll(TimeRange.all())) {
              assertThat(cursor.advance()).isTrue();
            }
            cutoff += 100;
            events.deleteBefore(cutoff);
          }
        }
        try (TimelogStore restored = restore(stored)) {
          assertThat(read(restored.table("events"))).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void namesAreUniqueAndSafeAsFileNames() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      try (TimelogStore store = settings().build()) {
        fill(store.createTable(TableOptions.multimap("../x y").windowSize(100, 0).build()), 0, 500);
        for (String name : export(store).files()) {
          assertThat(name).matches("[0-9a-f]{32}-[0-9a-f]{16}\\.seg");
          assertThat(names.add(name)).isTrue();
        }
      }
    }
  }
}
