package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.Cursor;
import io.timelog.EntryBatch;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Snapshot;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A list is replaced as a whole, wherever its entries are, and whoever reads meanwhile; or nothing
 * has changed.
 */
@Timeout(120)
final class ReplacedListsTest {
  private static final byte[] KEY = Samples.key("key");
  private static final byte[] OTHER_KEY = Samples.key("other");
  private static final long TIME = 5_500;

  /** Where the entries are that are replaced. */
  enum Place {
    NOWHERE {
      @Override
      void prepare(TimelogStore store, Table table) {}
    },
    MEMTABLE {
      @Override
      void prepare(TimelogStore store, Table table) {
        write(table, KEY, TIME, 1, 30);
      }
    },
    SEGMENT {
      @Override
      void prepare(TimelogStore store, Table table) {
        write(table, KEY, TIME, 1, 30);
        store.flush();
      }
    },
    MANY_SOURCES {
      @Override
      void prepare(TimelogStore store, Table table) {
        for (int i = 0; i < 4; i++) {
          write(table, KEY, TIME, i, 30);
          write(table, KEY, TIME + 1, i, 3);
          if (i < 3) {
            store.flush();
          }
        }
      }
    },
    BELOW_A_TOMBSTONE_THAT_REACHES_FURTHER {
      @Override
      void prepare(TimelogStore store, Table table) {
        write(table, KEY, TIME, 1, 30);
        write(table, KEY, TIME + 1, 1, 30);
        store.flush();
        table.removeRange(KEY, TimeRange.closed(TIME, TIME + 2));
      }
    },
    DELETED_WITH_ALL_KEYS {
      @Override
      void prepare(TimelogStore store, Table table) {
        write(table, KEY, TIME, 1, 30);
        write(table, OTHER_KEY, TIME, 1, 500);
        table.deleteRange(TimeRange.at(TIME));
      }
    },
    CLEARED {
      @Override
      void prepare(TimelogStore store, Table table) {
        write(table, KEY, TIME, 1, 30);
        table.removeRange(KEY, TimeRange.all());
      }
    };

    abstract void prepare(TimelogStore store, Table table);
  }

  static Stream<Arguments> places() {
    return TableShape.all()
        .flatMap(shape -> Arrays.stream(Place.values()).map(place -> Arguments.of(shape, place)));
  }

  private static void write(Table table, byte[] key, long timestamp, int round, int count) {
    table.writer().replaceAll(Span.of(key), timestamp, batch(table, timestamp, round, count));
  }

  /** Entries of one round; in a map with subkeys. */
  private static EntryBatch batch(Table table, long timestamp, int round, int count) {
    EntryBatch batch = new EntryBatch();
    boolean map = table.name().equals("map");
    for (int i = 0; i < count; i++) {
      byte[] subkey = map ? Samples.key(i) : new byte[0];
      batch.add(timestamp, Span.of(subkey), Span.of(value(round, i)));
    }
    return batch;
  }

  private static byte[] value(int round, int number) {
    return ByteBuffer.allocate(8).putInt(round).putInt(number).array();
  }

  /** Entries that take 8 MB and a little more, or twice that. */
  private static EntryBatch large(Table table, int times) {
    EntryBatch batch = new EntryBatch();
    for (int i = 0; i < times * 8_150; i++) {
      byte[] subkey = table.name().equals("map") ? Samples.key(i) : new byte[0];
      batch.add(TIME, Span.of(subkey), Span.of(new byte[1_000]));
    }
    return batch;
  }

  private static Table table(TimelogStore store, TableShape shape) {
    return store.createTable(shape.options(shape.isMap() ? "map" : "multimap").build());
  }

  private static List<String> list(Cursor cursor) {
    List<String> entries = new ArrayList<>();
    try (cursor) {
      while (cursor.advance()) {
        ByteBuffer value = ByteBuffer.wrap(cursor.value());
        entries.add(value.getInt() + "-" + value.getInt());
      }
    }
    return entries;
  }

  private static List<String> list(int round, int count) {
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(round + "-" + i);
    }
    return entries;
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("places")
  void list_isReplaced_whereverItIs(TableShape shape, Place place) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = table(store, shape);
      write(table, KEY, TIME - 1, 7, 3);
      place.prepare(store, table);
      TimeRange at = TimeRange.at(TIME);
      List<String> behind = list(table.scan(KEY, TimeRange.since(TIME + 1)));
      List<String> others = list(table.scan(OTHER_KEY, TimeRange.all()));
      List<String> then = list(table.scan(KEY, at));
      List<String> before = list(table.scan(KEY, TimeRange.until(TIME)));
      try (Snapshot snapshot = store.snapshot()) {
        for (int count : new int[] {20, 1, 0, 2, 3_000, 0, 5}) {
          write(table, KEY, TIME, 100 + count, count);

          assertThat(list(table.scan(KEY, at))).isEqualTo(list(100 + count, count));
          assertThat(table.count(KEY, at)).isEqualTo(count);
          assertThat(list(table.scan(KEY, TimeRange.until(TIME)))).isEqualTo(before);
          assertThat(list(table.scan(KEY, TimeRange.since(TIME + 1)))).isEqualTo(behind);
          assertThat(list(table.scan(OTHER_KEY, TimeRange.all()))).isEqualTo(others);
          assertThat(list(snapshot.table(table.name()).scan(KEY, at))).isEqualTo(then);
        }
        store.flush();
        assertThat(list(snapshot.table(table.name()).scan(KEY, at))).isEqualTo(then);
      }
      store.compact();
      assertThat(list(table.scan(KEY, at))).isEqualTo(list(105, 5));
      assertThat(list(table.scan(KEY, TimeRange.since(TIME + 1)))).isEqualTo(behind);
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("places")
  void replacementThatIsRefused_leavesTheList_andNoMemoryInUse(TableShape shape, Place place) {
    MemoryBudget budget = MemoryBudget.ofBytes(8 << 20);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      Table table = table(store, shape);
      place.prepare(store, table);
      List<String> before = list(table.scan(KEY, TimeRange.all()));
      EntryBatch large = large(table, 1);
      EntryBatch larger = large(table, 2);
      assertThatThrownBy(() -> table.writer().replaceAll(Span.of(KEY), TIME, large))
          .isInstanceOf(MemoryBudgetExceededException.class);
      long used = budget.usedBytes();

      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> table.writer().replaceAll(Span.of(KEY), TIME, large))
            .isInstanceOf(MemoryBudgetExceededException.class)
            .hasMessageContaining("table=" + table.name());
        assertThatThrownBy(() -> table.writer().replaceAll(Span.of(KEY), TIME, larger))
            .isInstanceOf(MemoryBudgetExceededException.class)
            .hasMessageContaining("larger than the whole budget");
      }

      assertThat(budget.usedBytes()).isLessThanOrEqualTo(used);
      assertThat(list(table.scan(KEY, TimeRange.all()))).isEqualTo(before);
    }
  }

  /** Nothing was tried to make room for what cannot be accepted. */
  @Test
  void replacementLargerThanTheBudget_leavesTheMemtableAsItIs() {
    MemoryBudget budget = MemoryBudget.ofBytes(8 << 20);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      Table table = table(store, TableShape.multimap());
      write(table, KEY, TIME, 1, 1_000);
      long used = budget.usedBytes();
      EntryBatch larger = large(table, 2);

      assertThatThrownBy(() -> table.writer().replaceAll(Span.of(KEY), TIME, larger))
          .isInstanceOf(MemoryBudgetExceededException.class);

      assertThat(budget.usedBytes()).isEqualTo(used);
      assertThat(table.stats().segmentEntries()).isZero();
      assertThat(table.stats().memtableEntries()).isEqualTo(1_000);
    }
  }

  static Stream<TableShape> shapes() {
    return TableShape.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void readers_seeEntireListsOnly(TableShape shape) throws Exception {
    try (TimelogStore store = TimelogStore.builder().build()) {
      store.startMaintenance();
      Table table = table(store, shape);
      write(table, KEY, TIME, 0, 100);
      AtomicBoolean done = new AtomicBoolean();
      ExecutorService readers = Executors.newFixedThreadPool(2);
      try {
        Callable<Integer> reading = () -> readWhileWritten(table, done);
        List<Future<Integer>> reads = List.of(readers.submit(reading), readers.submit(reading));
        for (int round = 1; round < 4_000; round++) {
          // Of every size, so that rows are written in place, among others, and to other chunks.
          write(table, KEY, TIME, round, sizeOf(round));
          write(table, KEY, TIME + round % 3 - 1, round, sizeOf(round));
          if (round % 1_000 == 0) {
            store.flush();
          }
        }
        done.set(true);
        for (Future<Integer> read : reads) {
          assertThat(read.get()).isPositive();
        }
      } finally {
        done.set(true);
        readers.shutdown();
      }
    }
  }

  private static int sizeOf(int round) {
    return round % 50 == 0 ? 3_000 : 1 + round * 31 % 200;
  }

  private static int readWhileWritten(Table table, AtomicBoolean done) {
    int reads = 0;
    while (!done.get() || reads == 0) {
      for (long time = TIME - 1; time <= TIME + 1; time++) {
        List<String> seen =
            list(
                reads % 2 == 0
                    ? table.scan(KEY, TimeRange.at(time))
                    : table.scanAll(TimeRange.at(time)));
        if (!seen.isEmpty()) {
          int round = Integer.parseInt(seen.get(0).substring(0, seen.get(0).indexOf('-')));
          assertThat(seen).isEqualTo(list(round, round == 0 ? 100 : sizeOf(round)));
        }
      }
      reads++;
    }
    return reads;
  }
}
