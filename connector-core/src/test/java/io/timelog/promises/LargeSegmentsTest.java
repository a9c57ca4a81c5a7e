package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableWriter;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rows of one window that take most of the budget, all in segments, can be removed one by one when
 * the budget is full, in any order, however many there are and whatever they look like.
 */
@Timeout(120)
final class LargeSegmentsTest {
  private static final long BUDGET_BYTES = 8L << 20;
  private static final long LAST = 1_000_000;

  /** How the rows are spread over keys and timestamps. */
  enum Spread {
    ONE_ROW_A_KEY {
      @Override
      int key(int row) {
        return row;
      }

      @Override
      long timestamp(int row) {
        return row * 7919L % LAST;
      }
    },
    ONE_KEY {
      @Override
      int key(int row) {
        return 3;
      }

      @Override
      long timestamp(int row) {
        return row;
      }
    },
    ONE_KEY_AND_TIMESTAMP {
      @Override
      int key(int row) {
        return 3;
      }

      @Override
      long timestamp(int row) {
        return 5;
      }
    },
    TEN_KEYS {
      @Override
      int key(int row) {
        return row % 10;
      }

      @Override
      long timestamp(int row) {
        return row / 10;
      }
    };

    abstract int key(int row);

    abstract long timestamp(int row);
  }

  @ParameterizedTest
  @EnumSource(Spread.class)
  void rowsOfSegments_canBeRemovedOneByOne_inAnyOrder(Spread spread) {
    try (TimelogStore store = store()) {
      TableWriter map = store.createTable(TableOptions.map("t").unbounded().build()).writer();
      int flushed = fillSegments(store, map, spread);
      int rows = fill(map, spread, flushed);
      int[] order = shuffled(rows);

      for (int i = 0; i < rows; i++) {
        int row = order[i];
        assertThatCode(() -> map.remove(key(spread, row), spread.timestamp(row), subkey(row)))
            .as("removal %d of %d, of row %d, %d of them in segments", i, rows, row, flushed)
            .doesNotThrowAnyException();
        if (i == rows / 2) {
          checkHalf(map, spread, order, i);
        }
      }

      assertThat(fill(map, spread, 0)).isGreaterThan(rows / 2);
    }
  }

  @ParameterizedTest
  @EnumSource(Spread.class)
  void ranges_canBeRemovedKeyByKey(Spread spread) {
    try (TimelogStore store = store()) {
      Table table = store.createTable(TableOptions.map("t").unbounded().build());
      int flushed = fillSegments(store, table.writer(), spread);
      int rows = fill(table.writer(), spread, flushed);

      for (int row = 0; row < rows; row++) {
        long timestamp = spread.timestamp(row);
        table.removeRange(Samples.key(spread.key(row)), TimeRange.closed(timestamp, timestamp));
      }

      assertThat(table.minTimestamp()).isEmpty();
      assertThat(fill(table.writer(), spread, 0)).isGreaterThan(rows / 2);
    }
  }

  private static TimelogStore store() {
    return TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(BUDGET_BYTES)).build();
  }

  /** Several flushes of as much as there is room for; returns how many rows are in segments. */
  private static int fillSegments(TimelogStore store, TableWriter map, Spread spread) {
    int row = 0;
    for (int flush = 1; flush <= 3; flush++) {
      while (store.memoryBudget().usedBytes() < flush * BUDGET_BYTES / 4) {
        put(map, spread, row++);
      }
      store.flush();
    }
    assertThat(map.table().stats().segmentBytes()).isGreaterThan(BUDGET_BYTES / 4);
    return row;
  }

  private static int fill(TableWriter map, Spread spread, int from) {
    int row = from;
    try {
      while (true) {
        put(map, spread, row);
        row++;
      }
    } catch (MemoryBudgetExceededException full) {
      return row;
    }
  }

  private static void put(TableWriter map, Spread spread, int row) {
    map.put(key(spread, row), spread.timestamp(row), subkey(row), Span.of(Samples.value(row, 100)));
  }

  private static void checkHalf(TableWriter map, Spread spread, int[] order, int removed) {
    for (int i = 0; i < order.length; i += 97) {
      boolean there =
          map.contains(key(spread, order[i]), spread.timestamp(order[i]), subkey(order[i]));
      assertThat(there).as("row %d", order[i]).isEqualTo(i > removed);
    }
  }

  private static Span key(Spread spread, int row) {
    return Span.of(Samples.key(spread.key(row)));
  }

  private static Span subkey(int row) {
    return Span.of(Samples.key(row));
  }

  private static int[] shuffled(int rows) {
    Random random = new Random(11);
    int[] order = IntStream.range(0, rows).toArray();
    for (int i = rows - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }
}
