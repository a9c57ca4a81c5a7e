package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Neither far timestamps nor a clock that runs otherwise keep adaptive windows from working. */
@Timeout(120)
final class FarTimestampsTest {
  private static final byte[] KEY = Samples.key("key");
  private static final int LIVE = 5_000;
  private static final long TICK = 100;

  private final TimelogStore store = TimelogStore.builder().build();

  @AfterEach
  void close() {
    store.close();
  }

  /** Entries that come from nowhere and stay. */
  enum Outliers {
    SMALLEST_OF_ALL {
      @Override
      long at(int i) {
        return i == 0 ? Long.MIN_VALUE : NONE;
      }
    },
    LARGEST_OF_ALL {
      @Override
      long at(int i) {
        return i == 0 ? Long.MAX_VALUE : NONE;
      }
    },
    BOTH_ENDS {
      @Override
      long at(int i) {
        return i == 0 ? Long.MIN_VALUE : i == 1 ? Long.MAX_VALUE : NONE;
      }
    },
    BOTH_ENDS_LATER {
      @Override
      long at(int i) {
        return i == 2 * LIVE ? Long.MIN_VALUE + 1 : i == 3 * LIVE ? Long.MAX_VALUE - 1 : NONE;
      }
    },
    A_LADDER_UP {
      @Override
      long at(int i) {
        return i < 60 ? 1L << (3 + i) : NONE;
      }
    },
    A_LADDER_DOWN {
      @Override
      long at(int i) {
        return i < 60 ? -(1L << (62 - i)) : NONE;
      }
    },
    NOW_AND_THEN_ANYWHERE {
      @Override
      long at(int i) {
        return i % 1_000 == 0 ? new SplittableRandom(i).nextLong() : NONE;
      }
    },
    NOW_AND_THEN_NEAR {
      @Override
      long at(int i) {
        return i % 1_000 == 0 ? new SplittableRandom(i).nextLong(1L << 34) : NONE;
      }
    };

    static final long NONE = Long.MIN_VALUE / 3;

    abstract long at(int i);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Outliers.class)
  void outliers_doNotKeepTheOthersTogether(Outliers outliers) {
    Table table = store.createTable(TableOptions.map("t").build());
    for (int i = 0; i < 10 * LIVE; i++) {
      long outlier = outliers.at(i);
      if (outlier != Outliers.NONE) {
        table.put(KEY, outlier, new byte[8]);
      }
      table.put(key(i), TICK * i, Samples.value(i, 100));
      if (i >= LIVE) {
        table.remove(key(i - LIVE), TICK * (i - LIVE));
      }
    }

    assertLivesInSomeWindows(table, 4, 130);
  }

  /** The newest go first, as where a clock runs backward or a backlog is read from its end. */
  @ParameterizedTest(name = "from {0} on")
  @ValueSource(longs = {0, 1_700_000_000_000L, -1_700_000_000_000L})
  void timeThatRunsBackward_isCutIntoSomeWindows(long start) {
    Table table = store.createTable(TableOptions.map("t").build());
    for (int i = 0; i < 10 * LIVE; i++) {
      table.put(key(i), start - TICK * i, Samples.value(i, 100));
      if (i >= LIVE) {
        table.remove(key(i - LIVE), start - TICK * (i - LIVE));
      }
    }

    assertLivesInSomeWindows(table, 4, 64);
  }

  /** What lives spans a minute at first, then a day, then a minute again. */
  @Test
  void spanThatChanges_isFollowed() {
    Table table = store.createTable(TableOptions.map("t").build());
    long now = 1_700_000_000_000L;
    long[] ticks = {10, 10_000, 10};
    long[] written = new long[30 * LIVE];
    int count = 0;
    for (long tick : ticks) {
      for (int i = 0; i < 10 * LIVE; i++) {
        now += tick;
        written[count] = now;
        table.put(key(count), now, Samples.value(count, 50));
        if (count >= LIVE) {
          table.remove(key(count - LIVE), written[count - LIVE]);
        }
        count++;
      }
    }

    // Windows have a least width, which a minute has few of.
    assertLivesInSomeWindows(table, 1, 64);
  }

  /** Entries come in any order within what lives. */
  @Test
  void entriesInAnyOrder_areCutIntoSomeWindows() {
    Table table = store.createTable(TableOptions.map("t").build());
    SplittableRandom random = new SplittableRandom(1);
    long[] times = new long[10 * LIVE];
    for (int i = 0; i < times.length; i++) {
      times[i] = TICK * (i + random.nextInt(LIVE));
      table.put(key(i), times[i], Samples.key(i), Samples.value(i, 100));
      if (i >= LIVE) {
        table.remove(key(i - LIVE), times[i - LIVE], Samples.key(i - LIVE));
      }
    }

    assertLivesInSomeWindows(table, 4, 64);
  }

  @Test
  void everyTimestamp_isFoundWhereItWasPut() {
    Table table = store.createTable(TableOptions.map("t").build());
    long[] edges = {
      Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE - 1, Long.MAX_VALUE
    };
    for (long edge : edges) {
      table.put(KEY, edge, Samples.key(edge));
    }
    for (int round = 0; round < 3; round++) {
      for (long edge : edges) {
        assertThat(table.get(KEY, edge)).isEqualTo(Samples.key(edge));
        assertThat(table.count(KEY, TimeRange.at(edge))).isOne();
      }
      assertThat(table.minTimestamp()).hasValue(Long.MIN_VALUE);
      assertThat(table.maxTimestamp()).hasValue(Long.MAX_VALUE);
      if (round == 0) {
        store.flush();
      } else {
        store.compact();
      }
    }
    for (long edge : edges) {
      table.removeRange(KEY, TimeRange.at(edge));
      assertThat(table.get(KEY, edge)).isNull();
    }
    assertThat(table.minTimestamp()).isEmpty();
  }

  private void assertLivesInSomeWindows(Table table, int least, int most) {
    assertThat(table.stats().windows()).as("windows").isBetween(least, most);
    assertThat(store.memoryBudget().usedBytes())
        .as("bytes for %d entries of 160", LIVE)
        .isLessThan(8L << 20);
  }

  private static byte[] key(int number) {
    return Samples.key(number % 500);
  }
}
