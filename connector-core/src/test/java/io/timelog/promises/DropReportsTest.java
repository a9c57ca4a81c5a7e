package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.BusyPolicy;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Table;
import io.timelog.TableDropListener;
import io.timelog.TableOptions;
import io.timelog.TimelogBusyException;
import io.timelog.TimelogStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was dropped is reported, also when nothing can be flushed. */
@Timeout(120)
final class DropReportsTest {
  private static final long BUDGET_BYTES = 4L << 20;
  private static final int DROPPED = 100;

  @ParameterizedTest(name = "busy policy {0}")
  @EnumSource(BusyPolicy.class)
  void reports_comeAlthoughAFlushFindsNoMemory(BusyPolicy policy) {
    AtomicInteger reports = new AtomicInteger();
    MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES);
    try (TimelogStore greedy = TimelogStore.builder().memoryBudget(budget).build();
        TimelogStore store =
            TimelogStore.builder()
                .memoryBudget(budget)
                .busyPolicy(policy)
                .memtableMaxBytes(BUDGET_BYTES / 8)
                .build()) {
      Table table = table(store, OnDrop.listener(reports::incrementAndGet));
      fill(store, BUDGET_BYTES / 8 * 7);
      fill(greedy, BUDGET_BYTES);

      deleteAll(table);
      flushIfThereIsRoom(store);

      assertThat(reports).hasValue(DROPPED);
      assertThat(store.stats().retiredQueueLength()).isZero();
    }
  }

  @ParameterizedTest(name = "busy policy {0}")
  @EnumSource(BusyPolicy.class)
  void maintenanceThread_reportsAlthoughAFlushFindsNoMemory(BusyPolicy policy) throws Exception {
    AtomicInteger reports = new AtomicInteger();
    CompletableFuture<Boolean> all = new CompletableFuture<>();
    MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES);
    try (TimelogStore greedy = TimelogStore.builder().memoryBudget(budget).build();
        TimelogStore store =
            TimelogStore.builder()
                .memoryBudget(budget)
                .busyPolicy(policy)
                .maintenance(Maintenance.BACKGROUND)
                .memtableMaxBytes(BUDGET_BYTES / 8)
                .build()) {
      Table table =
          table(
              store,
              OnDrop.listener(
                  () -> {
                    if (reports.incrementAndGet() == DROPPED) {
                      all.complete(true);
                    }
                  }));
      fill(store, BUDGET_BYTES / 8 * 7);
      fill(greedy, BUDGET_BYTES);

      deleteAll(table);

      assertThat(Limit.get("reports of dropped entries", all)).isTrue();
    }
    assertThat(reports).hasValue(DROPPED);
  }

  private static void deleteAll(Table table) {
    try {
      table.deleteBefore(DROPPED);
    } catch (TimelogBusyException accepted) {
      // The busy policy wants to be heard.
    }
  }

  private static Table table(TimelogStore store, TableDropListener listener) {
    Table table =
        store.createTable(
            TableOptions.multimap("reported").windowSize(10, 0).dropListener(listener).build());
    for (int i = 0; i < DROPPED; i++) {
      table.append(Samples.key(i), i, new byte[10]);
    }
    return table;
  }

  /** Writes until so many bytes are used, or as many as there are. */
  private static void fill(TimelogStore store, long usedBytes) {
    Table table = store.createTable(TableOptions.map("much").build());
    for (int i = 0; store.memoryBudget().usedBytes() < usedBytes; i++) {
      try {
        table.put(Samples.key(i), i, Samples.value(i, 500));
      } catch (TimelogBusyException accepted) {
        // The busy policy wants to be heard.
      } catch (MemoryBudgetExceededException full) {
        return;
      }
    }
  }

  private static void flushIfThereIsRoom(TimelogStore store) {
    try {
      store.flush();
    } catch (MemoryBudgetExceededException noRoom) {
      // Then it says so.
    }
  }
}
