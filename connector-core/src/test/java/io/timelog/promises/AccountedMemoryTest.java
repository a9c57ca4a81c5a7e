package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Codecs;
import io.timelog.MemoryBudget;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogStore;
import io.timelog.testing.DirectMemory;
import io.timelog.testing.PoisoningSource;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes that a budget says are used are the bytes that its stores hold. */
@Isolated("direct memory is that of the process")
@Timeout(240)
final class AccountedMemoryTest {
  private static final byte[] KEY = Samples.key("key");

  /** Work after which a store holds memory. */
  enum Work {
    WINDOWS_OF_ONE_ENTRY {
      @Override
      void run(TimelogStore store) {
        Table table = store.createTable(TableOptions.multimap("t").windowSize(10, 0).build());
        for (int i = 0; i < 1_000; i++) {
          table.append(KEY, 10L * i, new byte[8]);
        }
      }
    },
    WINDOWS_OF_ONE_LARGE_ENTRY {
      @Override
      void run(TimelogStore store) {
        Table table = store.createTable(TableOptions.map("t").windowSize(10, 0).build());
        for (int i = 0; i < 200; i++) {
          table.put(KEY, 10L * i, new byte[40_000]);
          table.put(KEY, 10L * i, new byte[30_000]);
        }
      }
    },
    WINDOWS_OUT_OF_ORDER {
      @Override
      void run(TimelogStore store) {
        Table table = store.createTable(TableOptions.multimap("t").windowSize(1_000, 0).build());
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 60_000; i++) {
          table.append(KEY, random.nextInt(500_000), new byte[random.nextInt(60)]);
        }
      }
    },
    WINDOWS_PASSING_BY {
      @Override
      void run(TimelogStore store) {
        Table table = store.createTable(TableOptions.multimap("t").windowSize(10, 0).build());
        for (int i = 0; i < Scale.of(60_000); i++) {
          table.append(KEY, 10L * i, new byte[8]);
          if (i % 50 == 0) {
            table.deleteBefore(10L * i - 500);
          }
        }
      }
    },
    WINDOWS_PASSING_BY_OUT_OF_ORDER {
      @Override
      void run(TimelogStore store) {
        Table table = store.createTable(TableOptions.map("t").windowSize(10, 0).build());
        for (int i = 0; i < Scale.of(20_000); i++) {
          for (int late = 0; late < 3; late++) {
            table.put(KEY, 10L * i + 9 - late, Samples.key(late), new byte[1 + i % 700]);
          }
          table.deleteBefore(10L * i - 500);
        }
      }
    },
    MANY_KEYS {
      @Override
      void run(TimelogStore store) {
        Table table = store.createTable(TableOptions.map("t").unbounded().build());
        for (int i = 0; i < 200_000; i++) {
          table.put(Samples.key(i), 0, new byte[4]);
        }
      }
    },
    MANY_KEYS_IN_MANY_TABLES {
      @Override
      void run(TimelogStore store) {
        for (int t = 0; t < 100; t++) {
          Table table = store.createTable(TableOptions.map("t" + t).unbounded().build());
          for (int i = 0; i < 500; i++) {
            table.put(Samples.key(i), 0, new byte[4]);
          }
        }
      }
    },
    INDEXED_TIME {
      @Override
      void run(TimelogStore store) {
        Table table = store.createTable(TableOptions.multimap("t").indexTime().build());
        for (int i = 0; i < 200_000; i++) {
          table.append(Samples.key(i % 1_000), 1_000L * i, new byte[4]);
        }
        assertThat(Samples.drain(table.scanAll(TimeRange.of(0, 50_000)))).isEqualTo(50);
      }
    },
    LARGE_VALUES {
      @Override
      void run(TimelogStore store) {
        Table table = store.createTable(TableOptions.map("t").unbounded().build());
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 300; i++) {
          table.put(Samples.key(i % 40), 0, new byte[random.nextInt(1_000_000)]);
        }
      }
    },
    FLUSHED_AND_COMPACTED {
      @Override
      void run(TimelogStore store) {
        Table table = store.createTable(TableOptions.multimap("t").windowSize(1_000, 0).build());
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 100_000; i++) {
          table.append(Samples.key(i % 90), random.nextInt(50_000), new byte[random.nextInt(90)]);
          if (i % 15_000 == 0) {
            store.flush();
          }
        }
        store.compact();
        table.deleteRange(TimeRange.of(10_000, 20_000));
      }
    };

    abstract void run(TimelogStore store);

    /** At most what is counted of the heap: eight bytes for each key, twice while it grows. */
    long heapBytes() {
      return this == MANY_KEYS || this == MANY_KEYS_IN_MANY_TABLES ? 8L << 20 : 0;
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Work.class)
  void usedBytes_areTheDirectMemoryThatIsHeld(Work work) {
    long before = DirectMemory.reachableBytes();
    MemoryBudget budget = MemoryBudget.ofBytes(512L << 20);
    TimelogStore store = TimelogStore.builder().memoryBudget(budget).build();
    try (store) {
      work.run(store);

      long used = budget.usedBytes();
      long held = DirectMemory.reachableBytes() - before;
      // What the budget counts beside direct memory is on the heap, such as tables of keys.
      assertThat(held).as("direct memory").isLessThanOrEqualTo(used + allowance(used));
    }
    assertThat(budget.usedBytes()).isZero();
    assertThat(DirectMemory.reachableBytes() - before)
        .as("direct memory after close")
        .isLessThanOrEqualTo(1L << 20);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Work.class)
  void usedBytes_areWithinTheBudget_alsoWithTheHeap(Work work) {
    long heapBefore = heapBytes();
    long directBefore = DirectMemory.reachableBytes();
    MemoryBudget budget = MemoryBudget.ofBytes(512L << 20);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      work.run(store);

      long direct = DirectMemory.reachableBytes() - directBefore;
      long heap = heapBytes() - heapBefore;
      // Objects of constant size per window, segment and table are not counted: 2 KiB for each.
      long objects =
          store.tables().stream()
              .map(store::table)
              .mapToLong(t -> 1 + t.stats().windows() + t.stats().level0Segments())
              .sum();
      long used = budget.usedBytes();
      assertThat(direct + heap)
          .as("memory held: direct=%d, heap=%d", direct, heap)
          .isLessThanOrEqualTo(used + 2 * allowance(used) + (objects << 11));
    }
  }

  /** Neither more nor less than the source gave, but for what is counted of the heap. */
  @ParameterizedTest(name = "{0}")
  @EnumSource(Work.class)
  void usedBytes_areWhatTheSourceGave(Work work) {
    PoisoningSource source = new PoisoningSource();
    MemoryBudget budget = MemoryBudget.ofBytes(512L << 20, source);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      work.run(store);

      long used = budget.usedBytes();
      assertThat(source.bytes()).isLessThanOrEqualTo(used);
      assertThat(used).isLessThanOrEqualTo(source.bytes() + work.heapBytes() + allowance(used));
      if (work == Work.WINDOWS_OF_ONE_ENTRY) {
        assertThat(used).isLessThan(6L << 20);
      }
    }
    assertThat(source.bytes()).isZero();
  }

  /** Windows come and go for ever, by two ways to go; neither direct memory nor heap grows. */
  @ParameterizedTest(name = "deleteBefore: {0}")
  @ValueSource(booleans = {true, false})
  void windowsThatPassBy_holdWhatLives(boolean floor) {
    PoisoningSource source = new PoisoningSource();
    MemoryBudget budget = MemoryBudget.ofBytes(512L << 20, source);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      Table table = store.createTable(TableOptions.map("t").windowSize(10, 0).build());
      int windows = floor ? 300_000 : 60_000;
      long heapAtFirst = 0;
      for (int i = 0; i < windows; i++) {
        table.put(KEY, 10L * i, new byte[8]);
        if (floor && i % 50 == 0) {
          table.deleteBefore(10L * i - 500);
        } else if (!floor) {
          table.remove(KEY, 10L * i - 500);
        }
        if (i % 20_000 == 0) {
          assertThat(source.bytes()).isLessThan(6L << 20);
          assertThat(budget.usedBytes()).isLessThan(6L << 20);
        }
        if (i == windows / 6) {
          heapAtFirst = heapBytes();
        }
      }
      assertThat(heapBytes() - heapAtFirst).isLessThan(2L << 20);
      assertThat(table.stats().windows()).isLessThan(110);
    }
    assertThat(source.bytes()).isZero();
  }

  @ParameterizedTest(name = "{0} entries")
  @ValueSource(ints = {1, 1_000, 100_000})
  void logGivesAllBack(int entries) {
    long before = DirectMemory.reachableBytes();
    MemoryBudget budget = MemoryBudget.ofBytes(256L << 20);
    for (int round = 0; round < 3; round++) {
      try (Timelog<String> log =
          Timelog.builder(Codecs.utf8()).memoryBudget(budget).windowSize(1_000).build()) {
        for (int i = 0; i < entries; i++) {
          log.append(i % 2 == 0 ? i : entries - i, "value " + i);
        }
      }
      assertThat(budget.usedBytes()).isZero();
    }
    assertThat(DirectMemory.reachableBytes() - before).isLessThanOrEqualTo(1L << 20);
  }

  private static long allowance(long used) {
    return Math.max(used / 50, 1L << 20);
  }

  private static long heapBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
