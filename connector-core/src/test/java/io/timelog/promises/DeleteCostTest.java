package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A delete costs what it deletes, and takes no memory to speak of. */
@Timeout(240)
@Isolated("costs are measured, and caches are shared")
final class DeleteCostTest {
  private static final byte[] KEY = Samples.key("key");

  /** The entries of a table before any is deleted. */
  enum Entries {
    OF_MANY_KEYS(1L << 40) {
      @Override
      void append(Table table, int i) {
        table.append(Samples.key(i), 5, new byte[8]);
      }
    },
    OF_ONE_KEY(1L << 40) {
      @Override
      void append(Table table, int i) {
        table.append(KEY, i, new byte[8]);
      }
    },
    OF_MANY_WINDOWS(100) {
      @Override
      void append(Table table, int i) {
        table.append(KEY, 100L * i, new byte[8]);
      }
    },
    OF_MANY_TIMES(1L << 40) {
      @Override
      void append(Table table, int i) {
        table.append(Samples.key(i), i, new byte[8]);
      }
    },
    OF_MANY_KEYS_AND_TIMES(100) {
      @Override
      void append(Table table, int i) {
        table.append(Samples.key(i), i % 100, new byte[8]);
      }
    };

    private final long windowSize;

    Entries(long windowSize) {
      this.windowSize = windowSize;
    }

    abstract void append(Table table, int i);
  }

  /** One delete of as many as there are entries. */
  enum Delete {
    REMOVE_RANGE_OF_INLINE_ROWS(4_000, Entries.OF_MANY_KEYS) {
      @Override
      void delete(Table table, int i, int count) {
        table.removeRange(Samples.key(i), TimeRange.at(5));
      }
    },
    REMOVE_RANGE_OF_FLUSHED_KEYS(2_000, Entries.OF_MANY_KEYS) {
      @Override
      void delete(Table table, int i, int count) {
        table.removeRange(Samples.key(i), TimeRange.all());
      }
    },
    REMOVE_RANGE_OF_ONE_FLUSHED_KEY(1_000, Entries.OF_ONE_KEY) {
      @Override
      void delete(Table table, int i, int count) {
        table.removeRange(KEY, TimeRange.at(i));
      }
    },
    REMOVE_RANGE_OF_ONE_KEY(2_000, Entries.OF_ONE_KEY) {
      @Override
      void delete(Table table, int i, int count) {
        table.removeRange(KEY, TimeRange.at(i));
      }
    },
    REMOVE_RANGE_BACKWARD(2_000, Entries.OF_ONE_KEY) {
      @Override
      void delete(Table table, int i, int count) {
        table.removeRange(KEY, TimeRange.at(count - 1 - i));
      }
    },
    REMOVE_RANGE_THAT_IS_EMPTY(2_000, Entries.OF_ONE_KEY) {
      @Override
      void delete(Table table, int i, int count) {
        table.removeRange(KEY, TimeRange.at(~i));
      }
    },
    DELETE_RANGE_OF_ONE_WINDOW(120, Entries.OF_MANY_WINDOWS) {
      @Override
      void delete(Table table, int i, int count) {
        table.deleteRange(TimeRange.of(100L * i, 100L * i + 50));
      }
    },
    DELETE_RANGE_WITHIN_ONE_WINDOW(250, Entries.OF_MANY_KEYS_AND_TIMES) {
      @Override
      void delete(Table table, int i, int count) {
        table.deleteRange(TimeRange.at(i % 100));
      }
    },
    DELETE_BEFORE_STEP_BY_STEP(120, Entries.OF_MANY_WINDOWS) {
      @Override
      void delete(Table table, int i, int count) {
        table.deleteBefore(100L * i + 1);
      }
    },
    DELETE_RANGE_OF_ONE_TIME_AFTER_THE_OTHER(500, Entries.OF_MANY_TIMES) {
      @Override
      void delete(Table table, int i, int count) {
        table.deleteRange(TimeRange.at(i));
      }
    },
    DELETE_RANGE_OF_TIMES_IN_ANY_ORDER(500, Entries.OF_MANY_TIMES) {
      @Override
      void delete(Table table, int i, int count) {
        table.deleteRange(TimeRange.at(7919L * i % count));
      }
    },
    DELETE_RANGE_THEN_APPEND(250, Entries.OF_MANY_KEYS_AND_TIMES) {
      @Override
      void delete(Table table, int i, int count) {
        table.deleteRange(TimeRange.at(i % 100));
        table.append(Samples.key(i), i % 100, new byte[8]);
      }
    };

    private final int count;
    private final Entries entries;

    Delete(int count, Entries entries) {
      this.count = count;
      this.entries = entries;
    }

    abstract void delete(Table table, int i, int count);

    boolean isOfFlushedEntries() {
      return name().contains("FLUSHED");
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Delete.class)
  void delete_costsTheSameAmongMoreEntries(Delete delete) {
    CpuTime.assertGrowthBelow(
        // A view is an array of its windows, which is copied, a few nanoseconds for each.
        delete.entries == Entries.OF_MANY_WINDOWS ? 6 : 3.5,
        delete.count,
        count ->
            cost(
                delete.entries.windowSize,
                count,
                (store, table) -> {
                  append(table, delete.entries, count);
                  if (delete.isOfFlushedEntries()) {
                    store.flush();
                  }
                },
                (store, table) -> {
                  for (int i = 0; i < count; i++) {
                    delete.delete(table, i, count);
                  }
                }));
  }

  @ParameterizedTest(name = "entries alike: {0}")
  @ValueSource(booleans = {true, false})
  void removeRangeOfAList_costsAboutTheSameHoweverLongItIs(boolean alike) {
    int keys = 200;
    CpuTime.assertGrowthBelow(
        3.5,
        // The blocks of a list are given back one by one, some nanoseconds for each row. At lengths
        // like these that weighs less than the removal itself, and a walk over the rows far more.
        125,
        length ->
            cost(
                1L << 40,
                keys,
                (store, table) -> {
                  for (int key = 0; key < keys; key++) {
                    for (int i = 0; i < length; i++) {
                      table.append(Samples.key(key), 5, new byte[alike ? 8 : 4 + i % 16]);
                    }
                  }
                },
                (store, table) -> {
                  for (int key = 0; key < keys; key++) {
                    table.removeRange(Samples.key(key), TimeRange.at(5));
                  }
                }));
  }

  /** A single entry of a flushed key, with nothing between the removals but a read. */
  @Test
  void removeAndGetOfAFlushedKey_costsTheSameAmongMoreTombstones() {
    CpuTime.assertGrowthBelow(
        2.5,
        1_000,
        count ->
            costOfMap(
                count,
                (table, place) -> {
                  assertThat(table.removeAndGet(KEY, place)).hasSize(8);
                  assertThat(table.get(KEY, place)).isNull();
                }));
  }

  /** Each range covers one entry, so that there are as many tombstones as entries were removed. */
  @Test
  void getBesideRangesThatWereRemoved_costsTheSameAmongMoreOfThem() {
    CpuTime.assertGrowthBelow(
        3,
        1_000,
        count ->
            costOfMap(
                count,
                (table, place) -> {
                  table.removeRange(KEY, TimeRange.at(place));
                  assertThat(table.get(KEY, place)).isNull();
                  assertThat(table.count(KEY, TimeRange.at(place))).isZero();
                }));
  }

  /** Whatever is read, each row looks for the tombstones that cover it. */
  @Test
  void scanBesideRangesThatWereRemoved_costsTheSamePerEntry() {
    CpuTime.assertGrowthBelow(
        3.5,
        500,
        count -> {
          try (TimelogStore store = TimelogStore.builder().build()) {
            Table table = store.createTable(TableOptions.map("t").unbounded().build());
            putAll(store, table, 2 * count);
            for (int i = 0; i < count; i++) {
              table.removeRange(KEY, TimeRange.at(2L * i));
            }
            return CpuTime.perOperation(
                count,
                () -> assertThat(Samples.drain(table.scan(KEY, TimeRange.all()))).isEqualTo(count));
          }
        });
  }

  private static double costOfMap(int count, ObjIntConsumer<Table> operation) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.map("t").unbounded().build());
      putAll(store, table, count);
      int[] places = new SplittableRandom(1).ints(0, count).distinct().limit(count).toArray();
      return CpuTime.perOperation(
          count,
          () -> {
            for (int place : places) {
              operation.accept(table, place);
            }
          });
    }
  }

  private static void putAll(TimelogStore store, Table table, int count) {
    for (int i = 0; i < count; i++) {
      table.put(KEY, i, new byte[8]);
    }
    store.flush();
  }

  @ParameterizedTest(name = "a listener: {0}")
  @ValueSource(booleans = {true, false})
  void deletesFollowedByAppends_sealFewWindows(boolean listened) {
    AtomicInteger dropped = new AtomicInteger();
    try (TimelogStore store = TimelogStore.builder().build()) {
      TableOptions.Builder options = TableOptions.multimap("t").unbounded();
      if (listened) {
        options.dropListener(OnDrop.listener(dropped::incrementAndGet));
      }
      Table table = store.createTable(options.build());
      append(table, Entries.OF_MANY_KEYS_AND_TIMES, 2_000);

      for (int i = 0; i < 1_000; i++) {
        table.deleteRange(TimeRange.at(i % 100));
        table.append(Samples.key(i), i % 100, new byte[8]);
      }

      assertThat(store.stats().sealedRuns()).isLessThan(5);
      assertThat(Samples.drain(table.scanAll(TimeRange.all()))).isEqualTo(100);
    }
    // What had not been reported before is when the store is closed.
    assertThat(dropped).hasValue(listened ? 2_900 : 0);
  }

  @ParameterizedTest(name = "flushed {0}")
  @ValueSource(booleans = {true, false})
  void deleteOverManyWindows_costsTheSamePerWindow(boolean flushed) {
    CpuTime.assertGrowthBelow(
        3.5,
        100,
        windows ->
            cost(
                100,
                windows,
                (store, table) -> {
                  for (int i = 0; i < windows; i++) {
                    table.append(KEY, 100L * i + 10, new byte[8]);
                    table.append(KEY, 100L * i + 60, new byte[8]);
                  }
                  if (flushed) {
                    store.flush();
                  }
                },
                // Neither the first nor the last window is covered whole.
                (store, table) -> table.deleteRange(TimeRange.of(50, 100L * windows - 50))));
  }

  @ParameterizedTest(name = "flushed and written again: {0}")
  @ValueSource(booleans = {true, false})
  void flush_costsTheSamePerWindow(boolean again) {
    CpuTime.assertGrowthBelow(
        3.5,
        100,
        windows ->
            cost(
                100,
                windows,
                (store, table) -> {
                  append(table, Entries.OF_MANY_WINDOWS, windows);
                  if (again) {
                    store.flush();
                    append(table, Entries.OF_MANY_WINDOWS, windows);
                  }
                },
                (store, table) -> store.flush()));
  }

  /** Nanoseconds per operation, if {@code work} makes so many on what {@code prepare} has made. */
  private static double cost(
      long windowSize,
      int operations,
      BiConsumer<TimelogStore, Table> prepare,
      BiConsumer<TimelogStore, Table> work) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.multimap("t").windowSize(windowSize, 0).build());
      prepare.accept(store, table);
      return CpuTime.perOperation(operations, () -> work.accept(store, table));
    }
  }

  private static void append(Table table, Entries entries, int count) {
    for (int i = 0; i < count; i++) {
      entries.append(table, i);
    }
  }

  @ParameterizedTest(name = "rows of {0} bytes")
  @ValueSource(ints = {0, 8, 20, 60})
  void removeRangeOfTheOnlyRow_takesNoMemory(int valueBytes) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.multimap("t").unbounded().build());
      for (int i = 0; i < 20_000; i++) {
        table.append(Samples.key(i), 5, new byte[valueBytes]);
      }
      long before = store.memoryBudget().usedBytes();

      for (int i = 0; i < 20_000; i++) {
        table.removeRange(Samples.key(i), TimeRange.all());
      }

      assertThat(store.memoryBudget().usedBytes()).isLessThanOrEqualTo(before + (64 << 10));
      assertThat(table.minTimestamp()).isEmpty();
    }
  }
}
