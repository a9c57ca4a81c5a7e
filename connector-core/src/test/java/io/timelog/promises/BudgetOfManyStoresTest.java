package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Codecs;
import io.timelog.Cursor;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.MemoryClaim;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever kind of store idles on a budget, and whatever it is full of, the others get it. */
@Timeout(120)
final class BudgetOfManyStoresTest {
  private static final long BUDGET_BYTES = 16L << 20;
  private static final int VALUE_BYTES = 1_000;
  private static final int ENTRIES_IN_BUDGET = (int) (BUDGET_BYTES / (VALUE_BYTES + 60));

  private final MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES);

  @ParameterizedTest(name = "{0} idle stores")
  @ValueSource(ints = {8, 60})
  void manyIdleStoresWithALittleGarbageEach_giveItToTheOneThatNeedsIt(int count) {
    List<TimelogStore> idle = new ArrayList<>();
    try (TimelogStore busy = store("busy")) {
      int each = ENTRIES_IN_BUDGET * 6 / 10 / count;
      for (int i = 0; i < count; i++) {
        TimelogStore store = store("idle" + i);
        idle.add(store);
        Table table = map(store);
        put(table, 0, each);
        for (int entry = 0; entry < each; entry++) {
          if (entry % 10 > 0) {
            table.remove(Samples.key(entry), entry);
          }
        }
      }

      put(map(busy), 0, ENTRIES_IN_BUDGET * 6 / 10);

      for (TimelogStore store : idle) {
        assertThat(Samples.drain(store.table("t").scanAll(TimeRange.all())))
            .isEqualTo((each + 9) / 10);
      }
    } finally {
      idle.forEach(TimelogStore::close);
    }
  }

  @Test
  void idleLog_givesWhatWasDeletedToAStore() {
    try (Timelog<byte[]> log = Timelog.builder(Codecs.bytes()).memoryBudget(budget).build();
        TimelogStore busy = store("busy")) {
      for (int i = 0; i < ENTRIES_IN_BUDGET / 2; i++) {
        log.append(i, new byte[VALUE_BYTES]);
      }
      log.deleteRange(0, ENTRIES_IN_BUDGET / 2 - 10);

      put(map(busy), 0, ENTRIES_IN_BUDGET * 3 / 4);

      assertThat(log.count(TimeRange.all())).isEqualTo(10);
    }
  }

  /** The writer is gone, and so is the reader that held its garbage when it went. */
  @Test
  void garbageThatAForgottenReaderHeld_isHadWhenAnotherThreadHasClosedIt() throws Exception {
    try (TimelogStore idle = store("idle");
        TimelogStore busy = store("busy")) {
      Table table = map(idle);
      put(table, 0, ENTRIES_IN_BUDGET / 2);
      Cursor forgotten = table.scanAll(TimeRange.all());
      forgotten.advance();
      for (int i = 0; i < ENTRIES_IN_BUDGET / 2; i++) {
        table.remove(Samples.key(i), i);
      }
      Limit.run("closing a cursor of another thread", forgotten::close);

      put(map(busy), 0, ENTRIES_IN_BUDGET * 3 / 4);
    }
  }

  /**
   * Its dropped entries are reported by its own thread, or by its writer, before they are freed.
   */
  @Test
  void idleStoreWithReportsToMake_givesItsMemory_ifItIsMaintained() throws Exception {
    int dropped = ENTRIES_IN_BUDGET / 3;
    AtomicInteger reports = new AtomicInteger();
    CompletableFuture<Boolean> all = new CompletableFuture<>();
    try (TimelogStore idle =
            TimelogStore.builder()
                .name("idle")
                .memoryBudget(budget)
                .maintenance(Maintenance.BACKGROUND)
                .build();
        TimelogStore busy = store("busy")) {
      Table table =
          idle.createTable(
              TableOptions.map("t")
                  .windowSize(100, 0)
                  .dropListener(
                      OnDrop.listener(
                          () -> {
                            if (reports.incrementAndGet() == dropped) {
                              all.complete(true);
                            }
                          }))
                  .build());
      put(table, 0, dropped);
      table.deleteBefore(dropped);
      Limit.get("reports of an idle store", all);
      // Memory is freed behind the last report.
      idle.stopMaintenance();
      idle.startMaintenance();

      put(map(busy), 0, ENTRIES_IN_BUDGET * 3 / 4);
    }
    assertThat(reports).hasValue(dropped);
  }

  @Test
  void garbageInSegmentsAndMemtables_isHad() {
    try (TimelogStore idle =
            TimelogStore.builder()
                .name("idle")
                .memoryBudget(budget)
                .memtableMaxBytes(1 << 20)
                .build();
        TimelogStore busy = store("busy")) {
      Table table = map(idle);
      int entries = ENTRIES_IN_BUDGET / 3;
      put(table, 0, entries);
      for (int i = 0; i < entries; i++) {
        table.put(Samples.key(i), i, new byte[i % 20]);
      }

      put(map(busy), 0, ENTRIES_IN_BUDGET / 2);

      for (int i = 0; i < entries; i++) {
        assertThat(table.get(Samples.key(i), i)).hasSize(i % 20);
      }
    }
  }

  /** An application that claims memory is no store; what is free it can have. */
  @Test
  void claim_getsWhatStoresHaveFreed() {
    try (TimelogStore store = store("store");
        MemoryClaim claim = budget.claim()) {
      Table table = map(store);
      put(table, 0, ENTRIES_IN_BUDGET / 2);
      table.deleteBefore(ENTRIES_IN_BUDGET);

      assertThat(claim.tryGrow(BUDGET_BYTES * 9 / 10)).isTrue();
      assertThat(claim.tryGrow(BUDGET_BYTES / 5)).isFalse();
      claim.shrink(BUDGET_BYTES / 2);

      put(table, ENTRIES_IN_BUDGET, ENTRIES_IN_BUDGET / 3);
    }
  }

  /** Two stores take turns in being full, with half of the budget alive between them. */
  @Test
  void liveHalf_wandersFromOneStoreToTheOther() {
    try (TimelogStore one = store("one");
        TimelogStore other = store("other")) {
      List<Table> tables = List.of(map(one), map(other));
      int live = ENTRIES_IN_BUDGET / 2;
      put(tables.get(0), 0, live);
      for (int round = 0; round < 6; round++) {
        Table from = tables.get(round % 2);
        Table to = tables.get(1 - round % 2);
        for (int i = 0; i < live; i++) {
          byte[] value = from.removeAndGet(Samples.key(i), i);
          assertThat(value).isNotNull();
          to.put(Samples.key(i), i, Samples.value(i, 1 + (i * 31 + round * 7) % VALUE_BYTES));
        }
      }
      assertThat(Samples.drain(tables.get(0).scanAll(TimeRange.all()))).isEqualTo(live);
    }
  }

  private TimelogStore store(String name) {
    return TimelogStore.builder().name(name).memoryBudget(budget).build();
  }

  private static Table map(TimelogStore store) {
    return store.createTable(TableOptions.map("t").build());
  }

  private static void put(Table table, int from, int count) {
    for (int i = from; i < from + count; i++) {
      table.put(Samples.key(i), i, Samples.value(i, VALUE_BYTES));
    }
  }
}
