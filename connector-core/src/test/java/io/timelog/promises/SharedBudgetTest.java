package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that share a budget hold together what lives in all of them, and not what lived. */
@Timeout(120)
final class SharedBudgetTest {
  private static final long BUDGET_BYTES = 16L << 20;
  private static final int VALUE_BYTES = 1_000;
  private static final int ENTRIES_IN_BUDGET = (int) (BUDGET_BYTES / (VALUE_BYTES + 60));

  /** How a store comes to hold little in much memory, before its writer goes away. */
  enum Garbage {
    REMOVED {
      @Override
      void make(Table table, TimelogStore store, int entries) {
        for (int i = 0; i < entries; i++) {
          table.remove(Samples.key(i), i);
        }
      }
    },
    OVERWRITTEN {
      @Override
      void make(Table table, TimelogStore store, int entries) {
        for (int i = 0; i < entries; i++) {
          table.put(Samples.key(i), i, Samples.value(i, 10));
        }
      }
    },
    DELETED_BEFORE {
      @Override
      void make(Table table, TimelogStore store, int entries) {
        table.deleteBefore(entries);
      }
    },
    DELETED_RANGE {
      @Override
      void make(Table table, TimelogStore store, int entries) {
        table.deleteRange(TimeRange.of(0, entries - 1));
      }
    },
    FLUSHED_AND_REMOVED {
      @Override
      void make(Table table, TimelogStore store, int entries) {
        store.flush();
        REMOVED.make(table, store, entries);
      }
    },
    FLUSHED_AND_DELETED_RANGE {
      @Override
      void make(Table table, TimelogStore store, int entries) {
        store.flush();
        DELETED_RANGE.make(table, store, entries);
      }
    },
    DROPPED {
      @Override
      void make(Table table, TimelogStore store, int entries) {
        store.dropTable(table.name());
      }
    };

    abstract void make(Table table, TimelogStore store, int entries);

    /**
     * A flush keeps a window in the memtable until its segment is complete, so of a single window
     * both have to fit into the budget.
     */
    int entries() {
      int parts = this == FLUSHED_AND_REMOVED || this == FLUSHED_AND_DELETED_RANGE ? 3 : 2;
      return ENTRIES_IN_BUDGET / parts;
    }
  }

  static Stream<Arguments> garbage() {
    return TableShape.all()
        .filter(TableShape::isMap)
        .flatMap(shape -> Arrays.stream(Garbage.values()).map(kind -> Arguments.of(shape, kind)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("garbage")
  void memoryThatAnIdleStoreDoesNotNeed_reachesTheOthers(TableShape shape, Garbage garbage) {
    MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES);
    int entries = garbage.entries();
    try (TimelogStore idle = store(budget, "idle");
        TimelogStore busy = store(budget, "busy")) {
      Table before = idle.createTable(shape.options("before").build());
      put(before, 0, entries);
      garbage.make(before, idle, entries);

      Table after = busy.createTable(shape.options("after").build());
      put(after, 0, ENTRIES_IN_BUDGET * 3 / 4);

      assertThat(after.get(Samples.key(5), 5)).isEqualTo(Samples.value(5, VALUE_BYTES));
      assertThat(budget.usedBytes()).isLessThanOrEqualTo(BUDGET_BYTES);
    }
  }

  @ParameterizedTest(name = "{0} stores")
  @ValueSource(ints = {2, 5, 20})
  void manyStoresWithHalfOfTheBudgetAlive_refuseNothing(int count) {
    MemoryBudget budget = MemoryBudget.ofBytes(2 * BUDGET_BYTES);
    int live = (int) (BUDGET_BYTES / (VALUE_BYTES + 60)) / count;
    List<TimelogStore> stores = stores(budget, count);
    try {
      for (int round = 0; round < 4; round++) {
        for (int each = 0; each < count; each++) {
          Table table = stores.get(each).table("table");
          // One after the other: whoever is not at work is idle, with garbage of its own.
          for (int i = 0; i < live; i++) {
            table.put(Samples.key(i), i, Samples.value(round, 1 + (i * 31 + round) % VALUE_BYTES));
          }
        }
      }
      for (TimelogStore store : stores) {
        assertThat(Samples.drain(store.table("table").scanAll(TimeRange.all()))).isEqualTo(live);
      }
    } finally {
      stores.forEach(TimelogStore::close);
    }
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void memoryWandersFromStoreToStore() {
    MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES);
    int most = ENTRIES_IN_BUDGET * 6 / 10;
    List<TimelogStore> stores = stores(budget, 4);
    try {
      for (int round = 0; round < 12; round++) {
        Table table = stores.get(round % 4).table("table");
        int flushed = round % 3 == 0 ? most / 2 : 0;
        put(table, 0, flushed);
        if (flushed > 0) {
          stores.get(round % 4).flush();
        }
        put(table, flushed, most - flushed);
        table.deleteBefore(most);
      }
    } finally {
      stores.forEach(TimelogStore::close);
    }
  }

  @Test
  void closedStore_givesAllBackToTheOthers() {
    MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES);
    try (TimelogStore stays = store(budget, "stays")) {
      Table table = stays.createTable(TableShape.map().options("table").build());
      table.put(Samples.key(1), 1, Samples.value(1, 10));
      long before = budget.usedBytes();
      for (int round = 0; round < 5; round++) {
        TimelogStore goes = store(budget, "goes");
        try (goes) {
          put(goes.createTable(TableShape.map().options("table").build()), 0, 6_000);
          if (round % 2 == 0) {
            goes.flush();
          }
        }
        assertThat(budget.usedBytes()).isEqualTo(before);
      }
      put(table, 2, 8_000);
    }
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void fullStore_doesNotMakeTheDeletesOfAnotherFail() {
    MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES);
    try (TimelogStore small = store(budget, "small");
        TimelogStore greedy = store(budget, "greedy")) {
      Table few = small.createTable(TableShape.map().options("few").build());
      put(few, 0, 3_000);
      small.flush();
      Table many = greedy.createTable(TableShape.map().options("many").build());
      fill(many);

      for (int i = 0; i < 2_500; i++) {
        few.remove(Samples.key(i), i);
      }
      few.put(Samples.key(2_600), 2_600, Samples.value(7, VALUE_BYTES));

      put(many, 100_000, 1_000);
      assertThat(Samples.drain(few.scanAll(TimeRange.all()))).isEqualTo(500);
    }
  }

  @Test
  void reliefOfAnotherStore_disturbsNoWriterAtWork() {
    MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES);
    AtomicBoolean done = new AtomicBoolean();
    int live = ENTRIES_IN_BUDGET / 5;
    try (TimelogStore one = store(budget, "one");
        TimelogStore other = store(budget, "other")) {
      Table first = one.createTable(TableShape.map().options("table").build());
      Table second = other.createTable(TableShape.map().options("table").build());

      CompletableFuture<Integer> atWork =
          CompletableFuture.supplyAsync(
              () -> {
                int rounds = 0;
                while (!done.get() || rounds < 3) {
                  churn(second, rounds++, live);
                }
                return rounds;
              });
      try {
        for (int round = 0; round < 10; round++) {
          churn(first, round, live);
        }
      } finally {
        done.set(true);
      }

      int rounds = atWork.join();
      for (int i = 0; i < live; i++) {
        assertThat(first.get(Samples.key(i), i)).isEqualTo(churned(9, i));
        assertThat(second.get(Samples.key(i), i)).isEqualTo(churned(rounds - 1, i));
      }
    }
  }

  private static void churn(Table table, int round, int live) {
    for (int i = 0; i < live; i++) {
      table.put(Samples.key(i), i, churned(round, i));
    }
  }

  private static byte[] churned(int round, int i) {
    return Samples.value(round, 8 + (i * 31 + round * 7) % VALUE_BYTES);
  }

  private static List<TimelogStore> stores(MemoryBudget budget, int count) {
    List<TimelogStore> stores = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TimelogStore store = store(budget, "store" + i);
      store.createTable(TableShape.map().options("table").build());
      stores.add(store);
    }
    return stores;
  }

  private static TimelogStore store(MemoryBudget budget, String name) {
    return TimelogStore.builder().name(name).memoryBudget(budget).build();
  }

  private static void put(Table table, int from, int count) {
    for (int i = from; i < from + count; i++) {
      table.put(Samples.key(i), i, Samples.value(i, VALUE_BYTES));
    }
  }

  private static void fill(Table table) {
    try {
      put(table, 0, 1 << 20);
    } catch (MemoryBudgetExceededException full) {
      // as it should be
    }
  }
}
