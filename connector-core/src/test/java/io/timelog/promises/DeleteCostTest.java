package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
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

  /** One delete of many, on a table with as many entries or windows. */
  enum Delete {
    REMOVE_RANGE_OF_INLINE_ROWS(4_000) {
      @Override
      void prepare(TimelogStore store, Table table, int count) {
        for (int i = 0; i < count; i++) {
          table.append(Samples.key(i), 5, new byte[8]);
        }
      }

      @Override
      void delete(Table table, int i, int count) {
        table.removeRange(Samples.key(i), TimeRange.at(5));
      }
    },
    REMOVE_RANGE_OF_FLUSHED_KEYS(2_000) {
      @Override
      void prepare(TimelogStore store, Table table, int count) {
        REMOVE_RANGE_OF_INLINE_ROWS.prepare(store, table, count);
        store.flush();
      }

      @Override
      void delete(Table table, int i, int count) {
        table.removeRange(Samples.key(i), TimeRange.all());
      }
    },
    REMOVE_RANGE_OF_ONE_FLUSHED_KEY(1_000) {
      @Override
      void prepare(TimelogStore store, Table table, int count) {
        REMOVE_RANGE_OF_ONE_KEY.prepare(store, table, count);
        store.flush();
      }

      @Override
      void delete(Table table, int i, int count) {
        table.removeRange(KEY, TimeRange.at(i));
      }
    },
    REMOVE_RANGE_OF_ONE_KEY(2_000) {
      @Override
      void prepare(TimelogStore store, Table table, int count) {
        for (int i = 0; i < count; i++) {
          table.append(KEY, i, new byte[8]);
        }
      }

      @Override
      void delete(Table table, int i, int count) {
        table.removeRange(KEY, TimeRange.at(i));
      }
    },
    REMOVE_RANGE_BACKWARD(2_000) {
      @Override
      void prepare(TimelogStore store, Table table, int count) {
        REMOVE_RANGE_OF_ONE_KEY.prepare(store, table, count);
      }

      @Override
      void delete(Table table, int i, int count) {
        table.removeRange(KEY, TimeRange.at(count - 1 - i));
      }
    },
    REMOVE_RANGE_THAT_IS_EMPTY(2_000) {
      @Override
      void prepare(TimelogStore store, Table table, int count) {
        REMOVE_RANGE_OF_ONE_KEY.prepare(store, table, count);
      }

      @Override
      void delete(Table table, int i, int count) {
        table.removeRange(KEY, TimeRange.at(~i));
      }
    },
    DELETE_RANGE_OF_ONE_WINDOW(120) {
      @Override
      void prepare(TimelogStore store, Table table, int count) {
        for (int i = 0; i < count; i++) {
          table.append(KEY, 100L * i, new byte[8]);
        }
      }

      @Override
      void delete(Table table, int i, int count) {
        table.deleteRange(TimeRange.of(100L * i, 100L * i + 50));
      }
    },
    DELETE_RANGE_WITHIN_ONE_WINDOW(250) {
      @Override
      void prepare(TimelogStore store, Table table, int count) {
        for (int i = 0; i < count; i++) {
          table.append(Samples.key(i), i % 100, new byte[8]);
        }
      }

      @Override
      void delete(Table table, int i, int count) {
        table.deleteRange(TimeRange.at(i % 100));
      }
    },
    DELETE_BEFORE_STEP_BY_STEP(120) {
      @Override
      void prepare(TimelogStore store, Table table, int count) {
        DELETE_RANGE_OF_ONE_WINDOW.prepare(store, table, count);
      }

      @Override
      void delete(Table table, int i, int count) {
        table.deleteBefore(100L * i + 1);
      }
    };

    private final int entries;

    Delete(int entries) {
      this.entries = entries;
    }

    abstract void prepare(TimelogStore store, Table table, int count);

    abstract void delete(Table table, int i, int count);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Delete.class)
  void delete_costsTheSameAmongMoreEntries(Delete delete) {
    CpuTime.assertGrowthBelow(
        // A view is an array of its windows, which is copied, a few nanoseconds for each.
        6,
        delete.entries,
        count -> {
          try (TimelogStore store = TimelogStore.builder().build()) {
            Table table =
                store.createTable(
                    TableOptions.multimap("t").windowSize(windowSize(delete), 0).build());
            delete.prepare(store, table, count);
            return CpuTime.perOperation(
                count,
                () -> {
                  for (int i = 0; i < count; i++) {
                    delete.delete(table, i, count);
                  }
                });
          }
        });
  }

  private static long windowSize(Delete delete) {
    return delete.name().startsWith("REMOVE") ? 1L << 40 : 100;
  }

  @ParameterizedTest(name = "flushed {0}")
  @ValueSource(booleans = {true, false})
  void deleteOverManyWindows_costsTheSamePerWindow(boolean flushed) {
    CpuTime.assertGrowthBelow(
        3.5,
        100,
        windows -> {
          try (TimelogStore store = TimelogStore.builder().build()) {
            Table table = store.createTable(TableOptions.multimap("t").windowSize(100, 0).build());
            for (int i = 0; i < windows; i++) {
              table.append(KEY, 100L * i + 10, new byte[8]);
              table.append(KEY, 100L * i + 60, new byte[8]);
            }
            if (flushed) {
              store.flush();
            }
            // Neither the first nor the last window is covered whole.
            return CpuTime.perOperation(
                windows, () -> table.deleteRange(TimeRange.of(50, 100L * windows - 50)));
          }
        });
  }

  @ParameterizedTest(name = "flushed and written again: {0}")
  @ValueSource(booleans = {true, false})
  void flush_costsTheSamePerWindow(boolean again) {
    CpuTime.assertGrowthBelow(
        3.5,
        100,
        windows -> {
          try (TimelogStore store = TimelogStore.builder().build()) {
            Table table = store.createTable(TableOptions.multimap("t").windowSize(100, 0).build());
            for (int round = again ? 0 : 1; round < 2; round++) {
              store.flush();
              for (int i = 0; i < windows; i++) {
                table.append(KEY, 100L * i, new byte[8]);
              }
            }
            return CpuTime.perOperation(windows, store::flush);
          }
        });
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
