package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.timelog.ByteTarget;
import io.timelog.Editor;
import io.timelog.EntryBatch;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.promises.TableShape.Rows;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** At the bound every kind of store, table and writer can make room again. */
@Timeout(120)
final class WaysOutTest {
  private static final long BUDGET_BYTES = 4L << 20;
  private static final int VALUE_BYTES = 1_000;

  /** So many are deleted at once by deletes over all keys. */
  private static final int STEP = 50;

  /** Lets go of one entry. */
  private enum WayOut {
    REMOVED_BY_THE_WRITER(Rows.MAP) {
      @Override
      void free(Table table, int number) {
        table.writer().remove(key(number), number, new Span());
      }
    },
    TAKEN_BY_THE_WRITER(Rows.MAP) {
      @Override
      void free(Table table, int number) {
        ByteTarget value = new ByteTarget();
        assertThat(table.writer().removeAndGet(key(number), number, new Span(), value)).isTrue();
        assertThat(value.length()).isEqualTo(VALUE_BYTES);
      }
    },
    REMOVED_BY_AN_EDITOR(Rows.MAP) {
      @Override
      void free(Table table, int number) {
        assertThat(
                table
                    .writer()
                    .update(
                        key(number), number, new Span(), (present, value) -> Editor.Outcome.REMOVE))
            .isEqualTo(Editor.Outcome.REMOVE);
      }
    },
    MADE_SMALLER_BY_AN_EDITOR(Rows.MAP) {
      @Override
      void free(Table table, int number) {
        assertThat(
                table
                    .writer()
                    .update(
                        key(number),
                        number,
                        new Span(),
                        (present, value) -> {
                          value.appendLong(7);
                          return Editor.Outcome.PUT;
                        }))
            .isEqualTo(Editor.Outcome.PUT);
      }
    },
    LOW_END_OF_A_MAP(Rows.MAP) {
      @Override
      void free(Table table, int number) {
        table.writer().removeBefore(key(number), number + 1);
      }
    },
    LOW_END_OF_A_LIST(Rows.MULTIMAP) {
      @Override
      void free(Table table, int number) {
        table.writer().removeBefore(key(number), number + 1);
      }
    },
    REPLACED_BY_NOTHING_IN_A_MAP(Rows.MAP) {
      @Override
      void free(Table table, int number) {
        table.writer().replaceAll(key(number), number, new EntryBatch());
      }
    },
    REPLACED_BY_NOTHING_IN_A_LIST(Rows.MULTIMAP) {
      @Override
      void free(Table table, int number) {
        table.writer().replaceAll(key(number), number, new EntryBatch());
      }
    },
    RANGE_OF_ALL_KEYS(Rows.MULTIMAP) {
      @Override
      void free(Table table, int number) {
        if (number % STEP == 0) {
          table.deleteRange(TimeRange.of(number - STEP, number + 1));
        }
      }
    },
    FLOOR_STEP_BY_STEP(Rows.MULTIMAP) {
      @Override
      void free(Table table, int number) {
        if (number % STEP == 0) {
          table.deleteBefore(number + 1);
        }
      }
    };

    private final Rows rows;

    WayOut(Rows rows) {
      this.rows = rows;
    }

    abstract void free(Table table, int number);

    static Span key(int number) {
      return Span.of(Samples.key(number));
    }
  }

  private static Map<String, Consumer<TableOptions.Builder>> tables() {
    Map<String, Consumer<TableOptions.Builder>> tables = new LinkedHashMap<>();
    tables.put("adaptive windows", options -> {});
    tables.put("one window", TableOptions.Builder::unbounded);
    tables.put("small windows", options -> options.windowSize(50, 0));
    tables.put("adaptive windows with an index of time", TableOptions.Builder::indexTime);
    tables.put("one window with an index of time", options -> options.unbounded().indexTime());
    tables.put(
        "small windows with an index of time", options -> options.windowSize(50, 0).indexTime());
    return tables;
  }

  @TestFactory
  Stream<DynamicTest> halfThatIsLetGo_makesRoomForAQuarter() {
    return tables().entrySet().stream()
        .flatMap(
            table ->
                Arrays.stream(WayOut.values())
                    .map(
                        way ->
                            DynamicTest.dynamicTest(
                                table.getKey() + ", " + way,
                                () -> makesRoom(table.getValue(), way))));
  }

  private static void makesRoom(Consumer<TableOptions.Builder> shape, WayOut way) {
    AtomicInteger dropped = new AtomicInteger();
    try (TimelogStore store =
        TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(BUDGET_BYTES)).build()) {
      TableOptions.Builder options =
          way.rows == Rows.MAP ? TableOptions.map("t") : TableOptions.multimap("t");
      shape.accept(options);
      options.dropListener(OnDrop.listener(dropped::incrementAndGet));
      Table table = store.createTable(options.build());
      int entries = fill(table, way.rows, 0);

      for (int i = 0; i < entries / 2; i++) {
        int number = i;
        assertThatCode(() -> way.free(table, number))
            .as("entry %d of %d", i, entries)
            .doesNotThrowAnyException();
      }

      for (int i = 0; i < entries / 4; i++) {
        int number = entries + i;
        assertThatCode(() -> write(table, way.rows, number))
            .as("write %d of %d after room was made", i, entries / 4)
            .doesNotThrowAnyException();
      }
      assertThat(table.count(Samples.key(entries - 1), TimeRange.all())).isOne();
    }
  }

  /** The table that is full is not the one that lets go. */
  @Test
  void smallTableBesideALargeOne_letsGo_andIsWrittenAgain() {
    try (TimelogStore store =
        TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(BUDGET_BYTES)).build()) {
      Table small = store.createTable(TableOptions.map("small").build());
      for (int i = 0; i < 500; i++) {
        write(small, Rows.MAP, i);
      }
      Table large = store.createTable(TableOptions.multimap("large").build());
      fill(large, Rows.MULTIMAP, 0);

      for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 250; i++) {
          small.remove(Samples.key(i), i);
        }
        for (int i = 0; i < 150; i++) {
          write(small, Rows.MAP, i);
        }
      }
      assertThat(Samples.drain(small.scanAll(TimeRange.all()))).isEqualTo(400);
    }
  }

  @Test
  void droppedTable_makesRoomForAnother() {
    try (TimelogStore store =
        TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(BUDGET_BYTES)).build()) {
      int entries = 0;
      for (int round = 0; round < 5; round++) {
        Table table = store.createTable(TableOptions.map("t").build());
        int filled = fill(table, Rows.MAP, 0);
        assertThat(filled).isGreaterThan(entries * 9 / 10);
        entries = filled;
        store.dropTable("t");
      }
    }
  }

  /** Half of the budget lives, and what is older goes, entry by entry, for ever. */
  @TestFactory
  Stream<DynamicTest> slidingHalf_isNeverRefused() {
    return tables().entrySet().stream()
        .flatMap(
            table ->
                Stream.of(
                        WayOut.REMOVED_BY_THE_WRITER,
                        WayOut.LOW_END_OF_A_LIST,
                        WayOut.RANGE_OF_ALL_KEYS,
                        WayOut.FLOOR_STEP_BY_STEP)
                    .map(
                        way ->
                            DynamicTest.dynamicTest(
                                table.getKey() + ", " + way, () -> slides(table.getValue(), way))));
  }

  private static void slides(Consumer<TableOptions.Builder> shape, WayOut way) {
    try (TimelogStore store =
        TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(BUDGET_BYTES)).build()) {
      TableOptions.Builder options =
          way.rows == Rows.MAP ? TableOptions.map("t") : TableOptions.multimap("t");
      shape.accept(options);
      Table table = store.createTable(options.build());
      int live = (int) (BUDGET_BYTES / 2 / (VALUE_BYTES + 100));
      for (int i = 0; i < 8 * live; i++) {
        write(table, way.rows, i);
        if (i >= live) {
          way.free(table, i - live);
        }
      }
      assertThat(Samples.drain(table.scanAll(TimeRange.all()))).isBetween(live, live + STEP);
    }
  }

  /** Half of the budget lives, and any entry may go or come. */
  @TestFactory
  Stream<DynamicTest> churnOfHalf_isNeverRefused() {
    return tables().entrySet().stream()
        .map(table -> DynamicTest.dynamicTest(table.getKey(), () -> churns(table.getValue())));
  }

  private static void churns(Consumer<TableOptions.Builder> shape) {
    try (TimelogStore store =
        TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(BUDGET_BYTES)).build()) {
      TableOptions.Builder options = TableOptions.map("t");
      shape.accept(options);
      Table table = store.createTable(options.build());
      SplittableRandom random = new SplittableRandom(1);
      int live = (int) (BUDGET_BYTES / 2 / (VALUE_BYTES + 100));
      int[] numbers = new int[live];
      for (int i = 0; i < 8 * live; i++) {
        int place = i < live ? i : random.nextInt(live);
        if (i >= live) {
          table.remove(Samples.key(numbers[place]), numbers[place]);
        }
        numbers[place] = i;
        write(table, Rows.MAP, i);
      }
      assertThat(Samples.drain(table.scanAll(TimeRange.all()))).isEqualTo(live);
      assertThat(Samples.drain(table.scanAll(TimeRange.closed(numbers[0], numbers[0])))).isOne();
    }
  }

  private static int fill(Table table, Rows rows, int from) {
    for (int i = from; ; i++) {
      try {
        write(table, rows, i);
      } catch (MemoryBudgetExceededException full) {
        return i;
      }
    }
  }

  private static void write(Table table, Rows rows, int number) {
    if (rows == Rows.MAP) {
      table.put(Samples.key(number), number, Samples.value(number, VALUE_BYTES));
    } else {
      table.append(Samples.key(number), number, Samples.value(number, VALUE_BYTES));
    }
  }
}
