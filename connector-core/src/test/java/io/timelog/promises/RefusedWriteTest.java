package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.BusyPolicy;
import io.timelog.Codecs;
import io.timelog.ConcurrentWriterException;
import io.timelog.Cursor;
import io.timelog.Entry;
import io.timelog.LateEntries;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogBusyException;
import io.timelog.TimelogStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A write that throws has changed nothing, and one that says it was accepted was. */
@Timeout(240)
final class RefusedWriteTest {
  private static final long BUDGET_BYTES = 4L << 20;

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.timelog.promises.TableShape#all")
  void refusedWritesRepeated_leaveEverythingAsItWas(TableShape shape) {
    for (int refusedBytes : new int[] {100_000, 600_000, 2_500_000, 5_000_000}) {
      try (TimelogStore store = store(BUDGET_BYTES)) {
        Table table = store.createTable(shape.options("t").build());
        int entries = fill(table, shape, refusedBytes);
        // The first refusal may have tidied up.
        State before = State.of(store, table);
        for (int i = 0; i < 20; i++) {
          int number = i;
          assertThatThrownBy(
                  () -> write(table, shape, entries + number, 77L * number, refusedBytes))
              .isInstanceOf(MemoryBudgetExceededException.class);
        }

        State after = State.of(store, table);
        assertThat(after.content()).isEqualTo(before.content());
        assertThat(after.windows()).isEqualTo(before.windows());
        assertThat(after.sealedRuns()).isLessThanOrEqualTo(before.sealedRuns());
        assertThat(after.usedBytes()).isLessThanOrEqualTo(before.usedBytes());
      }
    }
  }

  @Test
  void refusedWriteIntoANewWindow_makesNone() {
    try (TimelogStore store = store(BUDGET_BYTES)) {
      Table table = store.createTable(TableOptions.map("t").windowSize(100, 0).build());
      for (int i = 0; i < 50; i++) {
        int window = i;
        assertThatThrownBy(
                () -> table.put(Samples.key(1), 100L * window, new byte[(int) BUDGET_BYTES]))
            .isInstanceOf(MemoryBudgetExceededException.class);
      }
      assertThat(table.stats().windows()).isZero();
      assertThat(table.minTimestamp()).isEmpty();

      int windows = 0;
      try {
        for (; windows < 100_000; windows++) {
          table.put(Samples.key(1), 100L * windows, new byte[200]);
        }
      } catch (MemoryBudgetExceededException full) {
        // as it should be
      }
      assertThat(table.stats().windows()).isLessThanOrEqualTo(windows);
      assertThat(Samples.drain(table.scanAll(TimeRange.all()))).isEqualTo(windows);
    }
  }

  /** A batch over many windows that are new, at every shortage of memory. */
  @ParameterizedTest(name = "{0} entries")
  @ValueSource(ints = {1, 40, 63, 64, 65, 100, 300, 1_000})
  void batchOverManyNewWindows_isAcceptedWholeOrNotAtAll(int entries) {
    for (long budgetBytes = 64 << 10; budgetBytes <= 32 << 20; budgetBytes *= 2) {
      for (int valueBytes : new int[] {0, 90, 2_000}) {
        try (Timelog<byte[]> log =
            Timelog.builder(Codecs.bytes())
                .memoryBudget(MemoryBudget.ofBytes(budgetBytes))
                .memtableMaxBytes(32 << 10)
                .windowSize(10)
                .build()) {
          log.append(0, new byte[10]);
          boolean accepted = extend(log, entries, valueBytes);

          assertThat(log.count(TimeRange.all())).isEqualTo(accepted ? 1 + entries : 1);
          if (!accepted) {
            assertThat(log.stats().entries().windows()).isOne();
          }
        }
      }
    }
  }

  private static boolean extend(Timelog<byte[]> log, int entries, int valueBytes) {
    SplittableRandom random = new SplittableRandom(entries);
    List<Entry<byte[]>> batch = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      batch.add(new Entry<>(10L * (1 + random.nextInt(2 * entries)), new byte[valueBytes]));
    }
    try {
      log.extend(batch);
      return true;
    } catch (MemoryBudgetExceededException refused) {
      return false;
    }
  }

  @Test
  void takenValue_isNotLostWhenMaintenanceLags() {
    try (TimelogStore store = raising()) {
      Table table = store.createTable(TableOptions.map("t").build());
      int count = 3_000;
      for (int i = 0; i < count; i++) {
        putAnyway(table, i, Samples.value(i, 200));
      }
      assertThat(store.stats().sealedRuns()).isGreaterThan(1);

      for (int i = 0; i < count; i++) {
        byte[] taken;
        try {
          taken = table.removeAndGet(Samples.key(i), i);
        } catch (TimelogBusyException busy) {
          // Then nothing was taken.
          taken = table.get(Samples.key(i), i);
        }
        assertThat(taken).as("value %d", i).isEqualTo(Samples.value(i, 200));
      }
    }
  }

  @Test
  void lateEntryThatIsRefused_isNotSaidToBeAccepted() {
    try (TimelogStore store = raising()) {
      Table map =
          store.createTable(TableOptions.map("map").lateEntries(LateEntries.REFUSE).build());
      Table list =
          store.createTable(TableOptions.multimap("list").lateEntries(LateEntries.REFUSE).build());
      for (int i = 0; i < 3_000; i++) {
        putAnyway(map, 1_000 + i, Samples.value(i, 200));
      }
      deleteBeforeAnyway(map, 500);
      deleteBeforeAnyway(list, 500);
      assertThat(store.stats().sealedRuns()).isGreaterThan(1);

      assertThat(map.put(Samples.key(1), 400, new byte[3])).isFalse();
      assertThat(list.append(Samples.key(1), 400, new byte[3])).isFalse();
      assertThat(map.stats().lateEntries()).isOne();
    }
  }

  private static void deleteBeforeAnyway(Table table, long cutoff) {
    try {
      table.deleteBefore(cutoff);
    } catch (TimelogBusyException busy) {
      // It was accepted, as it says.
    }
  }

  private static void putAnyway(Table table, int number, byte[] value) {
    try {
      table.put(Samples.key(number), number, value);
    } catch (TimelogBusyException busy) {
      assertThat(table.get(Samples.key(number), number)).isEqualTo(value);
    }
  }

  private static TimelogStore raising() {
    return TimelogStore.builder()
        .busyPolicy(BusyPolicy.RAISE)
        .memtableMaxBytes(16 << 10)
        .sealedMaxRuns(1)
        .build();
  }

  /** Two threads that break the rule of one writer; small memtables are sealed all the time. */
  @ParameterizedTest(name = "{0} bytes of memtable")
  @ValueSource(longs = {4_096, 64 << 10, 4 << 20})
  void entryRefusedBecauseOfAnotherWriter_isNotThere(long memtableMaxBytes) throws Exception {
    int writes = 60_000;
    try (TimelogStore store =
        TimelogStore.builder().memtableMaxBytes(memtableMaxBytes).sealedMaxRuns(2).build()) {
      Table table = store.createTable(TableOptions.multimap("t").windowSize(5_000, 0).build());
      CyclicBarrier start = new CyclicBarrier(2);

      CompletableFuture<BitSet> other =
          CompletableFuture.supplyAsync(() -> write(table, start, 1, writes));
      BitSet accepted = write(table, start, 0, writes);
      accepted.or(Limit.get("the other writer", other));

      BitSet found = new BitSet();
      try (Cursor cursor = table.scanAll(TimeRange.all())) {
        while (cursor.advance()) {
          int number = (int) cursor.valueLong(0);
          assertThat(found.get(number)).as("entry %d came before", number).isFalse();
          found.set(number);
        }
      }
      BitSet lies = (BitSet) found.clone();
      lies.xor(accepted);
      assertThat(lies.cardinality()).as("entries that are not as it was said").isZero();
    }
  }

  /** Writes numbers of which every second one is that of this thread; returns those accepted. */
  private static BitSet write(Table table, CyclicBarrier start, int parity, int writes) {
    BitSet accepted = new BitSet();
    try {
      start.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    for (int i = parity; i < writes; i += 2) {
      byte[] value = ByteBuffer.allocate(40).putLong(i).array();
      try {
        if (table.append(Samples.key(i % 7), i, value)) {
          accepted.set(i);
        }
      } catch (ConcurrentWriterException refused) {
        // It says that the entry was not accepted.
      }
    }
    return accepted;
  }

  private static TimelogStore store(long budgetBytes) {
    return TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(budgetBytes)).build();
  }

  /** Writes until a value of this size is refused and returns how many entries there are. */
  private static int fill(Table table, TableShape shape, int refusedBytes) {
    int small = 0;
    int sizeOfMost = Math.min(refusedBytes, 2_000);
    try {
      while (true) {
        write(table, shape, small, small, sizeOfMost);
        small++;
      }
    } catch (MemoryBudgetExceededException full) {
      return small;
    }
  }

  private static void write(Table table, TableShape shape, int number, long time, int bytes) {
    if (shape.isMap()) {
      table.put(Samples.key(number), time, Samples.value(number, bytes));
    } else {
      table.append(Samples.key(number), time, Samples.value(number, bytes));
    }
  }

  private record State(long usedBytes, int sealedRuns, int windows, List<String> content) {
    static State of(TimelogStore store, Table table) {
      List<String> content = Samples.read(table.scanAll(TimeRange.all()));
      return new State(
          store.memoryBudget().usedBytes(),
          store.stats().sealedRuns(),
          table.stats().windows(),
          content);
    }
  }
}
