package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Snapshot;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store at its bound takes every write that makes it smaller or leaves it as it is, and writes go
 * on with what is freed.
 */
@Timeout(120)
final class FullStoreTest {
  private static final long BUDGET_BYTES = 4L << 20;
  private static final long TICKS = 8 * TableShape.WINDOW_TICKS;

  /** Ways to let go of the older half of the entries. */
  enum WayOut {
    REMOVE(true) {
      @Override
      void free(Full full, int from, int to) {
        for (int i = from; i < to; i++) {
          full.table.remove(Samples.key(i), full.timestamp(i));
        }
      }
    },
    REMOVE_AND_GET(true) {
      @Override
      void free(Full full, int from, int to) {
        for (int i = from; i < to; i++) {
          assertThat(full.table.removeAndGet(Samples.key(i), full.timestamp(i)))
              .hasSize(full.valueBytes);
        }
      }
    },
    REMOVE_RANGE(false) {
      @Override
      void free(Full full, int from, int to) {
        for (int i = from; i < to; i++) {
          full.table.removeRange(Samples.key(i), TimeRange.all());
        }
      }
    },
    DELETE_RANGE(false) {
      @Override
      void free(Full full, int from, int to) {
        full.table.deleteRange(TimeRange.closed(full.timestamp(from), full.timestamp(to - 1)));
      }
    },
    DELETE_BEFORE(false) {
      @Override
      void free(Full full, int from, int to) {
        full.table.deleteBefore(full.timestamp(to - 1) + 1);
      }
    },
    OVERWRITE_BY_EMPTY(true) {
      @Override
      void free(Full full, int from, int to) {
        for (int i = from; i < to; i++) {
          full.table.put(Samples.key(i), full.timestamp(i), new byte[0]);
        }
      }
    };

    private final boolean needsMap;

    WayOut(boolean needsMap) {
      this.needsMap = needsMap;
    }

    /** Lets go of the entries with these numbers. */
    abstract void free(Full full, int from, int to);
  }

  /** Where the entries lie when the store is full. */
  enum Place {
    MEMTABLE,
    SEGMENTS,
    BOTH
  }

  static Stream<Arguments> ways() {
    return TableShape.all()
        .flatMap(
            shape ->
                Arrays.stream(WayOut.values())
                    .filter(way -> shape.isMap() || !way.needsMap)
                    .flatMap(
                        way ->
                            Arrays.stream(Place.values())
                                .map(place -> Arguments.of(shape, way, place))));
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("ways")
  void whatIsLetGo_isAccepted_andMakesRoom(TableShape shape, WayOut way, Place place) {
    for (int valueBytes : new int[] {40, 1_000, 20_000}) {
      if (valueBytes == 40 && way == WayOut.OVERWRITE_BY_EMPTY) {
        // The entry itself takes more than its value, and stays.
        continue;
      }
      try (Full full = new Full(shape, valueBytes, place)) {
        int half = full.entries / 2;

        way.free(full, 0, half);

        assertThat(full.table.count(Samples.key(full.entries - 1), TimeRange.all())).isOne();
        full.append(half / 2);
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("ways")
  void whatIsLetGoUnderASnapshot_isAccepted_andMakesRoomWhenItIsClosed(
      TableShape shape, WayOut way, Place place) {
    try (Full full = new Full(shape, 1_000, place)) {
      int half = full.entries / 2;
      boolean oneByOne = way != WayOut.DELETE_BEFORE && way != WayOut.DELETE_RANGE;
      Snapshot snapshot = full.store.snapshot();
      try (snapshot) {
        // Each of these may need a few bytes that the snapshot holds, so they cannot be without
        // end.
        way.free(full, 0, oneByOne ? 20 : half);

        assertThat(snapshot.table("full").count(Samples.key(0), TimeRange.all())).isOne();
      }

      if (oneByOne) {
        way.free(full, 20, half);
      }
      full.append(half / 2);
    }
  }

  static Stream<Arguments> maps() {
    return TableShape.all()
        .filter(TableShape::isMap)
        .flatMap(shape -> Arrays.stream(Place.values()).map(place -> Arguments.of(shape, place)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("maps")
  void overwriteOfEqualSize_isAccepted(TableShape shape, Place place) {
    for (int valueBytes : new int[] {0, 24, 1_000, 20_000}) {
      try (Full full = new Full(shape, valueBytes, place)) {
        // A row takes more in the memtable than in a segment, and the memtable of a window is
        // flushed
        // as a whole, for which the reserve must have room.
        int overwrites =
            place == Place.MEMTABLE
                ? Math.min(full.entries, 3_000)
                : (int) (BUDGET_BYTES / 8 / (valueBytes + 300));
        for (int i = 0; i < overwrites; i++) {
          int number = i;
          assertThatCode(
                  () ->
                      full.table.put(
                          Samples.key(number),
                          full.timestamp(number),
                          Samples.value(~number, valueBytes)))
              .as("overwrite %d of %d with %d bytes", i, overwrites, valueBytes)
              .doesNotThrowAnyException();
        }
        assertThat(full.table.get(Samples.key(1), full.timestamp(1)))
            .isEqualTo(Samples.value(~1, valueBytes));
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("maps")
  void overwriteOfOneEntryOverAndOver_isAccepted(TableShape shape, Place place) {
    try (Full full = new Full(shape, 300, place)) {
      for (int i = 0; i < 5_000; i++) {
        full.table.put(Samples.key(3), full.timestamp(3), Samples.value(i, 300));
      }
      assertThat(full.table.get(Samples.key(3), full.timestamp(3)))
          .isEqualTo(Samples.value(4_999, 300));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.timelog.promises.TableShape#all")
  void everything_canBeLetGoAndWrittenAgain(TableShape shape) {
    try (Full full = new Full(shape, 500, Place.BOTH)) {
      for (int round = 0; round < 4; round++) {
        full.table.deleteRange(TimeRange.all());
        int accepted = 0;
        while (accepted < full.entries * 3 / 4) {
          full.write(accepted++);
        }
        full.fill(accepted);
      }
    }
  }

  /** Each list is one key; those that are written next come while the others lie scattered. */
  @ParameterizedTest
  @ValueSource(longs = {4L << 20, 16L << 20, 64L << 20})
  void listsThatAreRemoved_makeRoomForOthers(long budgetBytes) {
    try (TimelogStore store =
        TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(budgetBytes)).build()) {
      Table lists = store.createTable(TableOptions.multimap("lists").build());
      int keys = 0;
      try {
        while (true) {
          appendList(lists, keys);
          keys++;
        }
      } catch (MemoryBudgetExceededException full) {
        assertThat(keys).isGreaterThan((int) (budgetBytes / 3_000));
      }

      for (int key = 0; key < keys; key += 2) {
        lists.removeRange(Samples.key(key), TimeRange.all());
      }

      for (int i = 0; i < keys / 4; i++) {
        int key = keys + 1 + i;
        assertThatCode(() -> appendList(lists, key))
            .as("list %d of %d in the room of %d", i, keys / 4, keys / 2)
            .doesNotThrowAnyException();
      }
    }
  }

  private static void appendList(Table lists, int key) {
    for (int i = 0; i < 5; i++) {
      lists.append(Samples.key(key), 7, Samples.value(i, 300));
    }
  }

  /** A store that has refused a write. */
  private static final class Full implements AutoCloseable {
    final TimelogStore store;
    final Table table;
    final int valueBytes;
    final int entries;
    private final boolean map;

    Full(TableShape shape, int valueBytes, Place place) {
      this.map = shape.isMap();
      this.valueBytes = valueBytes;
      store = TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(BUDGET_BYTES)).build();
      table = store.createTable(shape.options("full").build());
      int flushed = 0;
      if (place != Place.MEMTABLE) {
        // To about a third of the budget, so that the flush has room itself.
        while (store.memoryBudget().usedBytes() < BUDGET_BYTES / 3) {
          write(flushed++);
        }
        store.flush();
      }
      int count = fill(flushed);
      if (place == Place.SEGMENTS) {
        try {
          store.flush();
        } catch (MemoryBudgetExceededException noRoom) {
          // Then some of it stays where it is.
        }
        count = fill(count);
      }
      entries = count;
    }

    /** Writes entries from a number on until one is refused, and returns its number. */
    int fill(int from) {
      for (int i = from; ; i++) {
        try {
          write(i);
        } catch (MemoryBudgetExceededException full) {
          return i;
        }
      }
    }

    void write(int number) {
      byte[] key = Samples.key(number);
      byte[] value = Samples.value(number, valueBytes);
      if (map) {
        table.put(key, timestamp(number), value);
      } else {
        table.append(key, timestamp(number), value);
      }
    }

    /** Writes as many new entries, none of which may be refused. */
    void append(int count) {
      for (int i = 0; i < count; i++) {
        int number = entries + 1 + i;
        assertThatCode(() -> write(number))
            .as("write %d of %d after room was made", i, count)
            .doesNotThrowAnyException();
      }
    }

    /** Never decreasing; a thousand entries or fewer share a window that was declared. */
    long timestamp(int number) {
      long entriesOfBudget = BUDGET_BYTES / (valueBytes + 60);
      return number * TICKS / entriesOfBudget;
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
