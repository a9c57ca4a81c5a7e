package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Codecs;
import io.timelog.Cursor;
import io.timelog.Entry;
import io.timelog.EntryIterator;
import io.timelog.Snapshot;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogStore;
import io.timelog.promises.TableShape.Windows;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A reader that is open, forgotten even, costs what it keeps from being freed, and not a copy for
 * every write.
 */
@Timeout(120)
@Isolated("costs are measured, and caches are shared")
final class OpenReadersTest {
  private static final byte[] HOT = Samples.key("hot");
  private static final byte[] FORGOTTEN = Samples.key("forgotten");
  private static final long SLACK_BYTES = 1L << 20;

  /** A reader that nobody closes until the end. */
  enum Forgotten {
    CURSOR_ON_ANOTHER_KEY {
      @Override
      AutoCloseable open(TimelogStore store, Table table) {
        return table.scan(FORGOTTEN, TimeRange.all());
      }
    },
    CURSOR_ON_THE_KEY {
      @Override
      AutoCloseable open(TimelogStore store, Table table) {
        return table.scanBackward(HOT, TimeRange.all());
      }
    },
    SCAN_OF_ALL {
      @Override
      AutoCloseable open(TimelogStore store, Table table) {
        return table.scanAll(TimeRange.all());
      }
    },
    SNAPSHOT {
      @Override
      AutoCloseable open(TimelogStore store, Table table) {
        return store.snapshot();
      }
    };

    abstract AutoCloseable open(TimelogStore store, Table table);
  }

  static Stream<Arguments> forgottenReaders() {
    return Arrays.stream(Forgotten.values())
        .flatMap(forgotten -> TableShape.all().map(shape -> Arguments.of(forgotten, shape)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("forgottenReaders")
  void readAndAppend_takesTheMemoryOfWhatIsAppended(Forgotten forgotten, TableShape shape)
      throws Exception {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(shape.options("table").build());
      write(table, shape, FORGOTTEN, 0, 0);
      write(table, shape, HOT, 0, 0);
      long before;
      long after;
      AutoCloseable reader = forgotten.open(store, table);
      try (reader) {
        before = store.memoryBudget().usedBytes();
        for (int i = 1; i <= 4_000; i++) {
          assertThat(Samples.drain(table.scanBackward(HOT, TimeRange.since(i - 3)))).isPositive();
          write(table, shape, HOT, i, i);
        }
        after = store.memoryBudget().usedBytes();
      }
      assertThat(after - before).as("bytes for 64 kB of entries").isLessThan(SLACK_BYTES);
      assertThat(table.count(HOT, TimeRange.all())).isEqualTo(4_001);
    }
  }

  @ParameterizedTest(name = "{0} keys")
  @ValueSource(ints = {2, 50, 1_000})
  void readAndAppendToManyKeys_takesTheMemoryOfWhatIsAppended(int keys) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableShape.multimap().options("table").build());
      table.append(FORGOTTEN, 0, new byte[8]);
      long used;
      try (Cursor forgotten = table.scan(FORGOTTEN, TimeRange.all())) {
        for (int i = 0; i < 20_000; i++) {
          byte[] key = Samples.key(i % keys);
          table.count(key, TimeRange.all());
          table.append(key, i, new byte[8]);
        }
        used = store.memoryBudget().usedBytes();
        assertThat(forgotten.isClosed()).isFalse();
      }
      assertThat(used).as("bytes for 160 kB of values").isLessThan(3 * SLACK_BYTES);
    }
  }

  @Test
  void forgottenIteratorOfALog_isCheap() {
    try (Timelog<Long> log = Timelog.builder(Codecs.longs()).build()) {
      log.append(0, 0L);
      long used;
      try (EntryIterator<Entry<Long>> forgotten = log.all().iterator()) {
        assertThat(forgotten.hasNext()).isTrue();
        for (int i = 1; i <= 4_000; i++) {
          assertThat(log.previousTimestamp(i)).hasValue(i - 1);
          log.append(i, (long) i);
        }
        used = log.memoryBudget().usedBytes();
      }
      assertThat(used).isLessThan(SLACK_BYTES);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Forgotten.class)
  void overwritesOfOneEntry_takeTheMemoryOfOne(Forgotten forgotten) throws Exception {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableShape.map().options("table").build());
      table.put(FORGOTTEN, 0, new byte[8]);
      table.put(HOT, 0, new byte[100]);
      long used;
      AutoCloseable reader = forgotten.open(store, table);
      try (reader) {
        for (int i = 0; i < 20_000; i++) {
          assertThat(table.get(HOT, 0)).hasSize(100);
          table.put(HOT, 0, Samples.value(i, 100));
        }
        used = store.memoryBudget().usedBytes();
      }
      assertThat(used).isLessThan(SLACK_BYTES);
    }
  }

  static Stream<Arguments> rolling() {
    return Stream.of(1, 2, 10)
        .flatMap(
            open -> Arrays.stream(Windows.values()).map(windows -> Arguments.of(open, windows)));
  }

  @ParameterizedTest(name = "{0} open, {1} windows")
  @MethodSource("rolling")
  void overwritesUnderRollingSnapshots_holdAsManyVersionsAsSnapshots(int open, Windows windows) {
    try (Rolling rolling = new Rolling(open, windows, true)) {
      rolling.overwrite(1_000);
      long early = rolling.usedBytes();
      rolling.overwrite(19_000);

      assertThat(rolling.usedBytes() - early).isLessThan(SLACK_BYTES / 2);
      assertThat(rolling.usedBytes()).isLessThan(SLACK_BYTES);
    }
  }

  @ParameterizedTest(name = "{0} open, {1} windows")
  @MethodSource("rolling")
  void getOfAKeyOverwrittenUnderRollingSnapshots_staysCheap(int open, Windows windows) {
    CpuTime.assertGrowthBelow(
        3,
        2_000,
        overwrites -> {
          try (Rolling rolling = new Rolling(open, windows, true)) {
            rolling.overwrite(overwrites);
            return CpuTime.perOperation(
                500,
                () -> {
                  for (int i = 0; i < 500; i++) {
                    rolling.get();
                  }
                });
          }
        });
  }

  @ParameterizedTest(name = "{0} open, {1} windows")
  @MethodSource("rolling")
  void overwriteUnderRollingSnapshots_staysCheap(int open, Windows windows) {
    CpuTime.assertGrowthBelow(
        3,
        2_000,
        overwrites -> {
          try (Rolling rolling = new Rolling(open, windows, false)) {
            return CpuTime.perOperation(overwrites, () -> rolling.overwrite(overwrites));
          }
        });
  }

  /** A key that is overwritten, with a new snapshot before each time, of which a few stay open. */
  private static final class Rolling implements AutoCloseable {
    private final TimelogStore store = TimelogStore.builder().build();
    private final Table table;
    private final Deque<Snapshot> snapshots = new ArrayDeque<>();
    private final Deque<Integer> values = new ArrayDeque<>();
    private final int open;
    private final boolean checked;
    private int latest;

    Rolling(int open, Windows windows, boolean checked) {
      this.open = open;
      this.checked = checked;
      table =
          store.createTable(new TableShape(TableShape.Rows.MAP, windows).options("table").build());
      table.put(HOT, 0, Samples.value(0, 40));
    }

    void overwrite(int times) {
      for (int i = 0; i < times; i++) {
        snapshots.add(store.snapshot());
        values.add(latest);
        table.put(HOT, 0, Samples.value(++latest, 40));
        if (snapshots.size() > open) {
          check();
          snapshots.remove().close();
          values.remove();
        }
      }
    }

    /** The oldest snapshot still gives what was there when it was opened. */
    private void check() {
      if (checked && latest % 10 == 0) {
        assertThat(snapshots.getFirst().table("table").get(HOT, 0))
            .isEqualTo(Samples.value(values.getFirst(), 40));
      }
    }

    void get() {
      assertThat(table.get(HOT, 0)).isNotNull();
    }

    long usedBytes() {
      return store.memoryBudget().usedBytes();
    }

    @Override
    public void close() {
      snapshots.forEach(Snapshot::close);
      store.close();
    }
  }

  private static void write(Table table, TableShape shape, byte[] key, long timestamp, int number) {
    if (shape.isMap()) {
      table.put(key, timestamp, Samples.value(number, 16));
    } else {
      table.append(key, timestamp, Samples.value(number, 16));
    }
  }
}
