package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A map that has refused a new entry takes overwrites of equal size, as many as come, wherever the
 * entries lie: in segments, which are denser, and in chunks of the memtable, which rows that come
 * in any order leave partly empty.
 */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
final class OverwritesOfFullStoreTest {
  private static final long BUDGET_BYTES = 4L << 20;
  private static final int ROUNDS = 1;

  /** Who flushes. */
  enum Flushes {
    NONE,
    BY_A_THREAD,
    BY_THE_WRITER
  }

  /** In which order entries are overwritten. */
  enum Order {
    SAME {
      @Override
      int number(int i, int entries, SplittableRandom random) {
        return i;
      }
    },
    REVERSE {
      @Override
      int number(int i, int entries, SplittableRandom random) {
        return entries - 1 - i;
      }
    },
    RANDOM {
      @Override
      int number(int i, int entries, SplittableRandom random) {
        return random.nextInt(entries);
      }
    };

    abstract int number(int i, int entries, SplittableRandom random);
  }

  static Stream<Arguments> inputs() {
    return TableShape.all()
        .filter(TableShape::isMap)
        .flatMap(
            shape ->
                Arrays.stream(Flushes.values())
                    .flatMap(
                        flushes ->
                            Arrays.stream(Order.values())
                                .map(order -> Arguments.of(shape, flushes, order))));
  }

  @ParameterizedTest(name = "{0}, flushes: {1}, order: {2}")
  @MethodSource("inputs")
  void entriesOfManyKeys(TableShape shape, Flushes flushes, Order order) {
    for (int valueBytes : new int[] {0, 40, 300, 1_000, 20_000}) {
      overwriteAll(shape, flushes, order, Integer.MAX_VALUE, valueBytes);
    }
  }

  @ParameterizedTest(name = "{0}, flushes: {1}, order: {2}")
  @MethodSource("inputs")
  void entriesOfFewKeys(TableShape shape, Flushes flushes, Order order) {
    for (int valueBytes : new int[] {0, 40, 300, 1_000, 20_000}) {
      overwriteAll(shape, flushes, order, 7, valueBytes);
    }
  }

  private static void overwriteAll(
      TableShape shape, Flushes flushes, Order order, int keys, int valueBytes) {
    TimelogStore.Builder builder =
        TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(BUDGET_BYTES));
    if (flushes == Flushes.BY_A_THREAD) {
      builder.maintenance(Maintenance.BACKGROUND);
    }
    try (TimelogStore store = builder.build()) {
      Table table = store.createTable(shape.options("full").build());
      int entries = fill(store, table, flushes, keys, valueBytes);
      SplittableRandom random = new SplittableRandom(7);
      for (int i = 0; i < ROUNDS * entries; i++) {
        int number = order.number(i % entries, entries, random);
        int sample = ~number - i;
        // An assertion for each of the millions would cost more than the store does.
        try {
          put(table, keys, number, Samples.value(sample, valueBytes));
        } catch (MemoryBudgetExceededException e) {
          throw new AssertionError(
              "overwrite %d of %d entries with %d bytes".formatted(i, entries, valueBytes), e);
        }
        if (flushes == Flushes.BY_THE_WRITER && i % (entries / 4) == 0) {
          tryToFlush(store);
        }
      }
      assertThat(Samples.drain(table.scanAll(TimeRange.all()))).isEqualTo(entries);
    }
  }

  /** Writes entries until one is refused; returns how many there are. */
  private static int fill(
      TimelogStore store, Table table, Flushes flushes, int keys, int valueBytes) {
    int number = 0;
    for (int flush = 0; flush < 3; flush++) {
      try {
        while (true) {
          put(table, keys, number, Samples.value(number, valueBytes));
          number++;
          if (flushes == Flushes.BY_THE_WRITER
              && store.stats().budgetUsedBytes() > BUDGET_BYTES / 3
              && number % 1_000 == 0) {
            tryToFlush(store);
          }
        }
      } catch (MemoryBudgetExceededException full) {
        if (flushes == Flushes.BY_THE_WRITER) {
          tryToFlush(store);
        }
      }
    }
    return number;
  }

  private static void tryToFlush(TimelogStore store) {
    try {
      store.flush();
    } catch (MemoryBudgetExceededException noRoom) {
      // Then some of it stays where it is.
    }
  }

  private static void put(Table table, int keys, int number, byte[] value) {
    table.put(Samples.key(number % keys), number / 8, Samples.key(number), value);
  }
}
