package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.BatchPosition;
import io.timelog.Codecs;
import io.timelog.Cursor;
import io.timelog.Editor.Outcome;
import io.timelog.EntryBatch;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.Snapshot;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A table that was dropped takes nothing and gives nothing, says so, and leaves nothing behind. */
@Timeout(120)
final class DroppedTableTest {
  private static final byte[] KEY = Samples.key("key");
  private static final Span SPAN = Span.of(KEY);
  private static final String NAME = "departed";

  private static Map<String, Consumer<Table>> writes(boolean map) {
    Map<String, Consumer<Table>> writes = new LinkedHashMap<>();
    if (map) {
      writes.put("put", table -> table.put(KEY, 5, new byte[100]));
      writes.put("put of a subkey", table -> table.put(KEY, 5, KEY, new byte[100]));
      writes.put("remove", table -> table.remove(KEY, 1));
      writes.put("removeAndGet", table -> table.removeAndGet(KEY, 1));
      writes.put("put by the writer", table -> table.writer().put(SPAN, 5, new Span(), SPAN));
      writes.put("putIfAbsent", table -> table.writer().putIfAbsent(SPAN, 5, new Span(), SPAN));
      writes.put(
          "update",
          table -> table.writer().update(SPAN, 5, new Span(), (present, value) -> Outcome.PUT));
      writes.put("contains by the writer", table -> table.writer().contains(SPAN, 5, new Span()));
      writes.put(
          "put of a typed view", table -> table.as(Codecs.utf8(), Codecs.utf8()).put("a", 5, "b"));
    } else {
      writes.put("append", table -> table.append(KEY, 5, new byte[100]));
    }
    writes.put("removeRange", table -> table.removeRange(KEY, TimeRange.all()));
    writes.put("removeBefore", table -> table.writer().removeBefore(SPAN, 100));
    writes.put(
        "replaceAll", table -> table.writer().replaceAll(SPAN, 5, new EntryBatch().add(5, SPAN)));
    writes.put(
        "readBatch by the writer",
        table ->
            table
                .writer()
                .readBatch(SPAN, new BatchPosition().begin(TimeRange.all()), new EntryBatch()));
    writes.put("deleteRange", table -> table.deleteRange(TimeRange.all()));
    writes.put("deleteBefore", table -> table.deleteBefore(100));
    return writes;
  }

  private static Map<String, Consumer<TableReader>> reads(boolean map) {
    Map<String, Consumer<TableReader>> reads = new LinkedHashMap<>();
    if (map) {
      reads.put("get", table -> table.get(KEY, 1));
    } else {
      reads.put(
          "pageSpans", table -> table.pageSpans(KEY, TimeRange.all(), Codecs.bytes()).close());
    }
    reads.put("scan", table -> table.scan(KEY, TimeRange.all()).close());
    reads.put("scanBackward", table -> table.scanBackward(KEY, TimeRange.all()).close());
    reads.put("scanAll", table -> table.scanAll(TimeRange.all()).close());
    reads.put("scanAllBackward", table -> table.scanAllBackward(TimeRange.all()).close());
    reads.put("scanByKey", table -> table.scanByKey(TimeRange.all()).close());
    reads.put("scanKeyGroups", table -> table.scanKeyGroups(0, 0, TimeRange.all()).close());
    reads.put("scanKeys", table -> table.scanKeys(null, null, TimeRange.all()).close());
    reads.put("count", table -> table.count(KEY, TimeRange.all()));
    reads.put("keys", table -> table.keys(TimeRange.all()).close());
    reads.put("keysBackward", table -> table.keysBackward(TimeRange.all()).close());
    reads.put("liveEntries", TableReader::liveEntries);
    reads.put(
        "readBatch",
        table ->
            table.readBatch(SPAN, new BatchPosition().begin(TimeRange.all()), new EntryBatch()));
    reads.put("minTimestamp", TableReader::minTimestamp);
    reads.put("maxTimestamp", TableReader::maxTimestamp);
    return reads;
  }

  @TestFactory
  Stream<DynamicTest> write_isRefused_andLeavesNothing() {
    return TableShape.all()
        .flatMap(
            shape ->
                writes(shape.isMap()).entrySet().stream()
                    .map(
                        write ->
                            DynamicTest.dynamicTest(
                                write.getKey() + ", " + shape,
                                () -> refuses(shape, write.getValue()))));
  }

  @TestFactory
  Stream<DynamicTest> read_isRefused() {
    return TableShape.all()
        .flatMap(
            shape ->
                reads(shape.isMap()).entrySet().stream()
                    .map(
                        read ->
                            DynamicTest.dynamicTest(
                                read.getKey() + ", " + shape,
                                () -> refuses(shape, table -> read.getValue().accept(table)))));
  }

  private static void refuses(TableShape shape, Consumer<Table> call) {
    MemoryBudget budget = MemoryBudget.ofBytes(64L << 20);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      Table table = filled(store, shape, 100);
      store.dropTable(NAME);
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> call.accept(table))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining(NAME);
      }
      store.flush();
      store.compact();
    }
    assertThat(budget.usedBytes()).as("bytes left after close").isZero();
  }

  /** When a table is dropped, beside what happens. */
  enum Moment {
    IN_MEMTABLE(Maintenance.DISABLED) {
      @Override
      void prepare(TimelogStore store) {}
    },
    FLUSHED(Maintenance.DISABLED) {
      @Override
      void prepare(TimelogStore store) {
        store.flush();
      }
    },
    COMPACTED(Maintenance.DISABLED) {
      @Override
      void prepare(TimelogStore store) {
        store.flush();
        store.compact();
      }
    },
    MAINTAINED(Maintenance.BACKGROUND) {
      @Override
      void prepare(TimelogStore store) {}
    };

    private final Maintenance maintenance;

    Moment(Maintenance maintenance) {
      this.maintenance = maintenance;
    }

    abstract void prepare(TimelogStore store);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Moment.class)
  void readersOpenedBefore_giveWhatTheySawOrSaySo_andHoldNothingAfterwards(Moment moment) {
    TableShape.all()
        .forEach(
            shape -> {
              MemoryBudget budget = MemoryBudget.ofBytes(64L << 20);
              try (TimelogStore store = store(budget, moment)) {
                Table table = filled(store, shape, 3_000);
                moment.prepare(store);
                List<String> before = Samples.read(table.scanAll(TimeRange.all()));
                try (Snapshot snapshot = store.snapshot();
                    Cursor cursor = table.scanAll(TimeRange.all())) {
                  TableReader reader = snapshot.table(NAME);
                  store.dropTable(NAME);
                  fill(store.createTable(shape.options("other").build()), shape, 3_000);

                  sameOrRefused(before, () -> Samples.read(cursor));
                  sameOrRefused(before, () -> Samples.read(reader.scanAll(TimeRange.all())));
                  sameOrRefused(
                      before, () -> Samples.read(snapshot.table(NAME).scanAll(TimeRange.all())));
                }
                store.dropTable("other");
                store.flush();
              }
              assertThat(budget.usedBytes()).isZero();
            });
  }

  private static void sameOrRefused(List<String> before, Callable<?> read) {
    try {
      assertThat(read.call()).isEqualTo(before);
    } catch (IllegalStateException | IllegalArgumentException refused) {
      assertThat(refused).hasMessageContaining(NAME);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Moment.class)
  void tableOfTheSameName_hasNothingOfTheOneBefore(Moment moment) {
    MemoryBudget budget = MemoryBudget.ofBytes(64L << 20);
    try (TimelogStore store = store(budget, moment)) {
      List<Table> dropped = new ArrayList<>();
      for (int round = 0; round < 20; round++) {
        TableShape shape = round % 2 == 0 ? TableShape.map() : TableShape.multimap();
        Table table = filled(store, shape, 500);
        moment.prepare(store);
        assertThat(store.table(NAME)).isSameAs(table);
        assertThat(Samples.drain(table.scanAll(TimeRange.all()))).isEqualTo(500);
        for (Table old : dropped) {
          assertThatThrownBy(() -> old.deleteRange(TimeRange.all()))
              .isInstanceOf(IllegalStateException.class);
        }
        assertThat(table.count(Samples.key(1), TimeRange.all())).isOne();
        store.dropTable(NAME);
        dropped.add(table);
      }
      assertThat(store.tables()).isEmpty();
    }
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void memoryOfADroppedTable_isFreeAtOnce() {
    MemoryBudget budget = MemoryBudget.ofBytes(16L << 20);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      for (int round = 0; round < 10; round++) {
        filled(store, TableShape.map(), 60_000);
        if (round % 2 == 0) {
          store.flush();
        }
        store.dropTable(NAME);
      }
      assertThat(budget.usedBytes()).isLessThan(8L << 20);
    }
  }

  private static TimelogStore store(MemoryBudget budget, Moment moment) {
    return TimelogStore.builder()
        .memoryBudget(budget)
        .maintenance(moment.maintenance)
        .memtableMaxBytes(64 << 10)
        .build();
  }

  private static Table filled(TimelogStore store, TableShape shape, int entries) {
    Table table = store.createTable(shape.options(NAME).build());
    fill(table, shape, entries);
    return table;
  }

  private static void fill(Table table, TableShape shape, int entries) {
    for (int i = 0; i < entries; i++) {
      if (shape.isMap()) {
        table.put(Samples.key(i), i, Samples.value(i, 60));
      } else {
        table.append(Samples.key(i), i, Samples.value(i, 60));
      }
    }
  }
}
