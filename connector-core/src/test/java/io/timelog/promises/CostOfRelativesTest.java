package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Cursor;
import io.timelog.Editor;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Further operations whose cost does not grow with what else is there. */
@Timeout(240)
@Isolated("costs are measured, and caches are shared")
final class CostOfRelativesTest {
  private static final byte[] KEY = Samples.key("key");
  private static final Span SPAN = Span.of(KEY);

  /** One operation of many, on what the former ones have left. */
  enum Operation {
    SUBKEYS_WITH_A_LONG_COMMON_PREFIX(4_000) {
      @Override
      void run(Table table, int place, int count) {
        table.put(KEY, 0, longSubkey(place), new byte[20]);
      }
    },
    REMOVALS_AND_PUTS_IN_ANY_ORDER(4_000) {
      @Override
      void prepare(TimelogStore store, Table table, int count) {
        for (int i = 0; i < count; i++) {
          table.put(KEY, 0, Samples.key(i), new byte[i % 60]);
        }
      }

      @Override
      void run(Table table, int place, int count) {
        table.remove(KEY, 0, Samples.key(place));
        table.put(KEY, 0, Samples.key(place + count / 2), new byte[place % 50]);
      }
    },
    UPDATES_IN_ANY_ORDER(4_000) {
      @Override
      void run(Table table, int place, int count) {
        Span subkey = Span.of(Samples.key(place % (count / 2)));
        table
            .writer()
            .update(
                SPAN,
                0,
                subkey,
                (present, value) -> {
                  value.resize(present == null ? 8 : present.length() + 8);
                  return Editor.Outcome.PUT;
                });
      }
    },
    ABSENT_ENTRIES_IN_ANY_ORDER(4_000) {
      @Override
      void run(Table table, int place, int count) {
        Span subkey = Span.of(Samples.key(place / 2));
        table.writer().putIfAbsent(SPAN, place % 3, subkey, Span.of(new byte[16]));
      }
    },
    TAKEN_FROM_THE_MIDDLE(2_000) {
      @Override
      void prepare(TimelogStore store, Table table, int count) {
        for (int i = 0; i < count; i++) {
          table.put(KEY, i, new byte[16]);
        }
      }

      @Override
      void run(Table table, int place, int count) {
        assertThat(table.removeAndGet(KEY, place)).isNotNull();
      }
    },
    VALUES_THAT_GROW(2_000) {
      @Override
      void run(Table table, int place, int count) {
        table.put(KEY, place % (count / 4), new byte[place % 300]);
      }
    },
    WINDOWS_IN_ANY_ORDER(120) {
      @Override
      void run(Table table, int place, int count) {
        table.put(KEY, place * (1L << 41), new byte[16]);
      }
    };

    private final int count;

    Operation(int count) {
      this.count = count;
    }

    void prepare(TimelogStore store, Table table, int count) {}

    abstract void run(Table table, int place, int count);

    private static byte[] longSubkey(int number) {
      return ByteBuffer.allocate(88).putLong(80, number).array();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Operation.class)
  void operation_costsTheSameAmongMore(Operation operation) {
    CpuTime.assertGrowthBelow(
        operation == Operation.WINDOWS_IN_ANY_ORDER ? 6 : 3.5,
        operation.count,
        count -> cost(operation, count, false));
  }

  /** A reader that was opened before keeps what it sees, once, and no more. */
  @ParameterizedTest(name = "{0}")
  @EnumSource(Operation.class)
  void operation_besideAnOpenReader_costsTheSameAmongMore(Operation operation) {
    CpuTime.assertGrowthBelow(
        operation == Operation.WINDOWS_IN_ANY_ORDER ? 6 : 3.5,
        operation.count,
        count -> cost(operation, count, true));
  }

  private static double cost(Operation operation, int count, boolean read) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.map("t").windowSize(1L << 40, 0).build());
      operation.prepare(store, table, count);
      int[] places = shuffled(count);
      if (!read) {
        return CpuTime.perOperation(count, () -> run(operation, table, places));
      }
      try (Cursor open = table.scan(KEY, TimeRange.all())) {
        open.advance();
        return CpuTime.perOperation(count, () -> run(operation, table, places));
      }
    }
  }

  private static void run(Operation operation, Table table, int[] places) {
    for (int place : places) {
      operation.run(table, place, places.length);
    }
  }

  private static int[] shuffled(int count) {
    int[] places = IntStream.range(0, count).toArray();
    SplittableRandom random = new SplittableRandom(count);
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int place = places[i];
      places[i] = places[other];
      places[other] = place;
    }
    assertThat(Arrays.stream(places).distinct().count()).isEqualTo(count);
    return places;
  }
}
