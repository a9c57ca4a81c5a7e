package io.timelog.promises;

import io.timelog.Table;
import io.timelog.TimelogStore;
import io.timelog.promises.TableShape.Rows;
import io.timelog.promises.TableShape.Windows;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An entry of a key costs what it costs, in whichever order the entries of the key come. */
@Timeout(240)
@Isolated("costs are measured, and caches are shared")
final class OutOfOrderCostTest {
  private static final byte[] KEY = Samples.key("key");
  private static final int ENTRIES = 10_000;

  /** The place among {@code count} entries of the one that is written {@code i}-th. */
  enum Order {
    ASCENDING {
      @Override
      int place(int i, int count) {
        return i;
      }
    },
    DESCENDING {
      @Override
      int place(int i, int count) {
        return count - 1 - i;
      }
    },
    RANDOM {
      @Override
      int place(int i, int count) {
        return i;
      }

      @Override
      int[] places(int count) {
        int[] places = super.places(count);
        SplittableRandom random = new SplittableRandom(count);
        for (int i = count - 1; i > 0; i--) {
          int other = random.nextInt(i + 1);
          int place = places[i];
          places[i] = places[other];
          places[other] = place;
        }
        return places;
      }
    },
    TWO_FRONTS {
      @Override
      int place(int i, int count) {
        return i % 2 == 0 ? i / 2 : count / 2 + i / 2;
      }
    },
    OUTSIDE_IN {
      @Override
      int place(int i, int count) {
        return i % 2 == 0 ? i / 2 : count - 1 - i / 2;
      }
    },
    INSIDE_OUT {
      @Override
      int place(int i, int count) {
        return i % 2 == 0 ? count / 2 + i / 2 : count / 2 - 1 - i / 2;
      }
    },
    BLOCKS_BACKWARD {
      @Override
      int place(int i, int count) {
        int block = i / 100;
        return count - 100 * (block + 1) + i % 100;
      }
    };

    abstract int place(int i, int count);

    int[] places(int count) {
      return IntStream.range(0, count).map(i -> place(i, count)).toArray();
    }
  }

  /** What tells the entries of the key apart, and how long they are. */
  enum Entries {
    TIMESTAMPS(Rows.MULTIMAP, false),
    TIMESTAMPS_OF_VARYING_LENGTH(Rows.MULTIMAP, true),
    TIMESTAMPS_OF_A_MAP(Rows.MAP, false),
    SUBKEYS_OF_ONE_TIMESTAMP(Rows.MAP, false),
    SUBKEYS_OF_VARYING_LENGTH(Rows.MAP, true);

    private final Rows rows;
    private final boolean varying;

    Entries(Rows rows, boolean varying) {
      this.rows = rows;
      this.varying = varying;
    }

    void write(Table table, int place, SplittableRandom random) {
      byte[] value = new byte[varying ? random.nextInt(60) : 16];
      switch (this) {
        case TIMESTAMPS, TIMESTAMPS_OF_VARYING_LENGTH -> table.append(KEY, place, value);
        case TIMESTAMPS_OF_A_MAP -> table.put(KEY, place, value);
        case SUBKEYS_OF_ONE_TIMESTAMP, SUBKEYS_OF_VARYING_LENGTH ->
            table.put(KEY, 0, Samples.key(place), value);
      }
    }
  }

  static Stream<Arguments> inputs() {
    return Arrays.stream(Order.values())
        .flatMap(order -> Arrays.stream(Entries.values()).map(each -> Arguments.of(order, each)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("inputs")
  void write_costsTheSameAmongMoreEntries(Order order, Entries entries) {
    CpuTime.assertGrowthBelow(
        3.5,
        ENTRIES,
        count -> {
          try (TimelogStore store = TimelogStore.builder().build()) {
            Table table =
                store.createTable(
                    new TableShape(entries.rows, Windows.UNBOUNDED).options("t").build());
            SplittableRandom random = new SplittableRandom(1);
            int[] places = order.places(count);
            return CpuTime.perOperation(
                count,
                () -> {
                  for (int place : places) {
                    entries.write(table, place, random);
                  }
                });
          }
        });
  }
}
