package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grid of adaptive windows follows the entries that live, whatever was there before. */
@Timeout(120)
final class WindowGridTest {
  private static final byte[] KEY = Samples.key("key");
  private static final long MILLIS = 1_700_000_000_000L;
  private static final int LIVE = 10_000;
  private static final long TICK = 100;

  private final TimelogStore store = TimelogStore.builder().build();

  @AfterEach
  void close() {
    store.close();
  }

  /** How an old entry goes. */
  enum Eviction {
    DELETE_BEFORE {
      @Override
      void evict(Table table, int number, long timestamp) {
        if (number % 100 == 0) {
          table.deleteBefore(timestamp + 1);
        }
      }
    },
    REMOVE {
      @Override
      void evict(Table table, int number, long timestamp) {
        table.remove(key(number), timestamp);
      }
    },
    REMOVE_RANGE {
      @Override
      void evict(Table table, int number, long timestamp) {
        table.removeRange(key(number), TimeRange.until(timestamp + 1));
      }
    },
    DELETE_RANGE {
      @Override
      void evict(Table table, int number, long timestamp) {
        if (number % 100 == 0) {
          table.deleteRange(TimeRange.of(timestamp - 200 * TICK, timestamp + 1));
        }
      }
    };

    abstract void evict(Table table, int number, long timestamp);

    static byte[] key(int number) {
      return Samples.key(number % 500);
    }
  }

  /** An entry from another time, and when it comes. */
  enum Outlier {
    NONE(0, -1),
    FAR_FUTURE_AT_FIRST(Long.MAX_VALUE - 5, 0),
    FAR_FUTURE_LATER(Long.MAX_VALUE - 5, 2 * LIVE),
    FAR_PAST_AT_FIRST(Long.MIN_VALUE + 5, 0),
    ZERO_AT_FIRST(0, 0),
    MICROSECONDS_AT_FIRST(MILLIS * 1_000, 0),
    MICROSECONDS_LATER(MILLIS * 1_000, 2 * LIVE),
    SECONDS_AT_FIRST(MILLIS / 1_000, 0),
    NEXT_CENTURY(MILLIS + 100 * 365 * 86_400_000L, LIVE);

    private final long timestamp;
    private final int at;

    Outlier(long timestamp, int at) {
      this.timestamp = timestamp;
      this.at = at;
    }
  }

  static Stream<Arguments> outliers() {
    return Arrays.stream(Outlier.values())
        .flatMap(
            outlier ->
                Arrays.stream(Eviction.values())
                    .flatMap(
                        each ->
                            Stream.of(
                                Arguments.of(outlier, each, true),
                                Arguments.of(outlier, each, false))));
  }

  /** Ten times as many entries pass by as live at a time; memory is that of those that live. */
  @ParameterizedTest(name = "{0}, {1}, it stays: {2}")
  @MethodSource("outliers")
  void entriesFromAnotherTime_doNotKeepTheOthersTogether(
      Outlier outlier, Eviction eviction, boolean stays) {
    Table table = store.createTable(TableOptions.map("t").build());
    if (eviction == Eviction.DELETE_BEFORE && outlier.timestamp < 0) {
      return;
    }
    for (int i = 0; i < 12 * LIVE; i++) {
      if (i == outlier.at) {
        table.put(KEY, outlier.timestamp, new byte[8]);
      }
      table.put(Eviction.key(i), timestamp(i), Samples.value(i, 100));
      if (i >= LIVE) {
        eviction.evict(table, i - LIVE, timestamp(i - LIVE));
      }
      if (!stays && i == outlier.at + LIVE / 10) {
        table.remove(KEY, outlier.timestamp);
      }
    }

    assertThat(table.stats().windows()).as("windows").isBetween(4, 64);
    assertThat(store.memoryBudget().usedBytes())
        .as("bytes for %d entries of 160", LIVE)
        .isLessThan(10L << 20);
  }

  /** As where the host takes away entry by entry and never moves a floor. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(longs = {1, 10, 1_000, 60_000, 3_600_000})
  void spanThatIsAlive_isCutIntoSomeWindows(long tick) {
    Table table = store.createTable(TableOptions.map("t").build());
    for (int i = 0; i < 8 * LIVE; i++) {
      table.put(Eviction.key(i), tick * i, Samples.value(i, 20));
      if (i >= LIVE) {
        table.remove(Eviction.key(i - LIVE), tick * (i - LIVE));
      }
    }

    // Windows have a least width, so that a table with few ticks has few of them.
    int least = tick * LIVE < 1 << 20 ? 1 : 4;
    assertThat(table.stats().windows()).isBetween(least, 64);
  }

  /** Ways for the rows of a window to go. */
  enum Going {
    REMOVED {
      @Override
      void go(Table table, long from, long to) {
        for (long t = from; t < to; t++) {
          table.remove(KEY, t);
        }
      }
    },
    TAKEN_BACKWARD {
      @Override
      void go(Table table, long from, long to) {
        for (long t = to - 1; t >= from; t--) {
          assertThat(table.removeAndGet(KEY, t)).isNotNull();
        }
      }
    },
    REMOVED_IN_RANGE {
      @Override
      void go(Table table, long from, long to) {
        table.removeRange(KEY, TimeRange.of(from, to));
      }
    },
    DELETED_IN_RANGE {
      @Override
      void go(Table table, long from, long to) {
        table.deleteRange(TimeRange.of(from, to));
      }
    },
    DELETED_IN_TWO_HALVES {
      @Override
      void go(Table table, long from, long to) {
        long middle = (from + to) / 2;
        table.deleteRange(TimeRange.of(middle, to));
        table.deleteRange(TimeRange.of(from, middle));
      }
    },
    DELETED_BEFORE {
      @Override
      void go(Table table, long from, long to) {
        table.deleteBefore(to);
      }
    };

    abstract void go(Table table, long from, long to);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Going.class)
  void windowWhoseLastRowGoes_leavesTheView(Going going) {
    for (int rowsPerWindow : new int[] {1, 3, 100}) {
      String name = "t" + rowsPerWindow;
      Table table = store.createTable(TableOptions.map(name).windowSize(100, 0).build());
      for (int window = 0; window < 20; window++) {
        for (int i = 0; i < rowsPerWindow; i++) {
          table.put(KEY, 100L * window + i, new byte[8]);
        }
      }
      assertThat(table.stats().windows()).isEqualTo(20);

      for (int window = 0; window < 20; window++) {
        going.go(table, 100L * window, 100L * window + rowsPerWindow);
        assertThat(table.stats().windows())
            .as("after window %d of %d rows", window, rowsPerWindow)
            .isEqualTo(19 - window);
      }
      assertThat(table.minTimestamp()).isEmpty();
    }
  }

  private static long timestamp(int number) {
    return MILLIS + TICK * number;
  }
}
