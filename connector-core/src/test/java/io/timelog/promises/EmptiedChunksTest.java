package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.promises.TableShape.Rows;
import io.timelog.promises.TableShape.Windows;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A key that is emptied and filled again and again neither grows nor gets slower. */
@Timeout(120)
@Isolated("costs are measured, and caches are shared")
final class EmptiedChunksTest {
  private static final byte[] KEY = Samples.key("key");
  private static final int ROUNDS = 2_000;

  /** What is done over and over with one key. */
  enum Pattern {
    REPLACED_LIST(Rows.MULTIMAP) {
      @Override
      void round(Table table, int round) {
        table.removeRange(KEY, TimeRange.all());
        for (int i = 0; i < 3; i++) {
          table.append(KEY, 0, Samples.value(round, 10 + 7 * i));
        }
      }
    },
    REPLACED_LIST_OF_A_TIME(Rows.MULTIMAP) {
      @Override
      void round(Table table, int round) {
        table.removeRange(KEY, TimeRange.at(5));
        table.append(KEY, 5, Samples.value(round, 20));
        table.append(KEY, 5, Samples.value(round, 50));
      }
    },
    LIST_REPLACED_BY_ONE(Rows.MULTIMAP) {
      @Override
      void round(Table table, int round) {
        table.removeRange(KEY, TimeRange.all());
        table.append(KEY, 0, Samples.value(round, round % 300));
      }
    },
    QUEUE_OF_APPENDS(Rows.MULTIMAP) {
      @Override
      void round(Table table, int round) {
        table.append(KEY, round % 900, Samples.value(round, 24));
        table.removeRange(KEY, TimeRange.at((round + 890) % 900));
      }
    },
    QUEUE_OF_PUTS(Rows.MAP) {
      @Override
      void round(Table table, int round) {
        table.put(KEY, round % 900, Samples.value(round, 24));
        table.remove(KEY, (round + 890) % 900);
      }
    },
    QUEUE_OF_SUBKEYS(Rows.MAP) {
      @Override
      void round(Table table, int round) {
        table.put(KEY, 0, Samples.key(round), Samples.value(round, 24));
        table.remove(KEY, 0, Samples.key(round - 10));
      }
    },
    PUT_AND_TAKEN(Rows.MAP) {
      @Override
      void round(Table table, int round) {
        table.put(KEY, 0, Samples.key(round), Samples.value(round, 24));
        table.put(KEY, 0, Samples.key(~round), Samples.value(round, 2_000));
        assertThat(table.removeAndGet(KEY, 0, Samples.key(round))).isNotNull();
        assertThat(table.removeAndGet(KEY, 0, Samples.key(~round))).isNotNull();
      }
    },
    MAP_CLEARED(Rows.MAP) {
      @Override
      void round(Table table, int round) {
        for (int i = 0; i < 5; i++) {
          table.put(KEY, i, Samples.key(i), Samples.value(round, 100));
        }
        table.removeRange(KEY, TimeRange.all());
      }
    },
    ALL_DELETED(Rows.MULTIMAP) {
      @Override
      void round(Table table, int round) {
        table.append(KEY, 3, Samples.value(round, 30));
        table.append(KEY, 4, Samples.value(round, 30));
        table.deleteRange(TimeRange.of(0, 10));
      }
    },
    DELETED_BESIDE_ONE_THAT_STAYS(Rows.MULTIMAP) {
      @Override
      void round(Table table, int round) {
        if (round == 0) {
          table.append(KEY, 500, Samples.value(round, 30));
        }
        table.append(KEY, 3, Samples.value(round, 30));
        table.append(KEY, 4, Samples.value(round, 30));
        table.deleteRange(TimeRange.of(0, 10));
      }
    },
    REPLACED_IN_ONE_STEP(Rows.MAP) {
      @Override
      void round(Table table, int round) {
        EntryBatch batch = new EntryBatch();
        for (int i = 0; i < 1 + round % 5; i++) {
          batch.add(5, Span.of(Samples.key(round + i)), Span.of(Samples.value(round, round % 300)));
        }
        table.writer().replaceAll(Span.of(KEY), 5, batch);
      }
    },
    SUBKEYS_OF_MANY_LENGTHS(Rows.MAP) {
      @Override
      void round(Table table, int round) {
        table.put(KEY, 0, Samples.value(round, 8 + round % 300), Samples.value(round, 24));
        int old = round - 10;
        table.remove(KEY, 0, Samples.value(old, 8 + Math.floorMod(old, 300)));
      }
    },
    QUEUE_OF_KEYS(Rows.MAP) {
      @Override
      void round(Table table, int round) {
        table.put(Samples.key(round), 0, Samples.value(round, 24));
        table.remove(Samples.key(round - 100), 0);
      }
    },
    STACK(Rows.MULTIMAP) {
      @Override
      void round(Table table, int round) {
        int depth = round % 200;
        if (depth < 100) {
          table.append(KEY, depth, Samples.value(round, 24));
        } else {
          table.removeRange(KEY, TimeRange.at(199 - depth));
        }
      }
    };

    private final Rows rows;

    Pattern(Rows rows) {
      this.rows = rows;
    }

    abstract void round(Table table, int round);
  }

  static Stream<Arguments> patterns() {
    return Arrays.stream(Pattern.values())
        .flatMap(
            pattern ->
                Stream.of(Windows.UNBOUNDED, Windows.DECLARED)
                    .map(windows -> Arguments.of(pattern, windows)));
  }

  @ParameterizedTest(name = "{0}, {1} windows")
  @MethodSource("patterns")
  void memory_staysWhatItWasAfterTheFirstRounds(Pattern pattern, Windows windows) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(new TableShape(pattern.rows, windows).options("t").build());
      rounds(pattern, table, 0, ROUNDS);
      long early = store.memoryBudget().usedBytes();

      rounds(pattern, table, ROUNDS, 10 * ROUNDS);

      assertThat(store.memoryBudget().usedBytes()).isLessThanOrEqualTo(early + (256 << 10));
      assertThat(table.stats().windows()).isLessThanOrEqualTo(2);
    }
  }

  @ParameterizedTest(name = "{0}, {1} windows")
  @MethodSource("patterns")
  void round_costsWhatTheFirstOnesDid(Pattern pattern, Windows windows) {
    CpuTime.assertGrowthBelow(
        3,
        ROUNDS / 2,
        rounds -> {
          try (TimelogStore store = TimelogStore.builder().build()) {
            Table table =
                store.createTable(new TableShape(pattern.rows, windows).options("t").build());
            return CpuTime.perOperation(rounds, () -> rounds(pattern, table, 0, rounds));
          }
        });
  }

  private static void rounds(Pattern pattern, Table table, int from, int to) {
    for (int round = from; round < to; round++) {
      pattern.round(table, round);
    }
  }
}
