package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.BatchPosition;
import io.timelog.BusyPolicy;
import io.timelog.Codecs;
import io.timelog.ConcurrentWriterException;
import io.timelog.Cursor;
import io.timelog.Editor;
import io.timelog.Entry;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogBusyException;
import io.timelog.TimelogStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes of several entries, and of those that read first, are there whole or not at all. */
@Timeout(120)
final class BusyBatchesTest {
  private static final Span KEY = Span.of(Samples.key("key"));

  /** Who is told to slow down was accepted, however many entries and windows it was. */
  @ParameterizedTest(name = "{0}")
  @EnumSource(BusyPolicy.class)
  void batchesOfALog_areAccepted_andSaidToBe(BusyPolicy policy) {
    SplittableRandom random = new SplittableRandom(1);
    try (Timelog<byte[]> log =
        Timelog.builder(Codecs.bytes())
            .busyPolicy(policy)
            .memtableMaxBytes(8 << 10)
            .sealedMaxRuns(1)
            .windowSize(50)
            .build()) {
      long accepted = 0;
      int busy = 0;
      for (int round = 0; round < 60; round++) {
        List<Entry<byte[]>> batch = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(60); i++) {
          batch.add(new Entry<>(random.nextInt(2_000), new byte[random.nextInt(200)]));
        }
        try {
          log.extend(batch);
        } catch (TimelogBusyException told) {
          busy++;
        }
        accepted += batch.size();
        assertThat(log.count(TimeRange.all())).isEqualTo(accepted);
      }
      assertThat(busy > 0).isEqualTo(policy == BusyPolicy.RAISE);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(BusyPolicy.class)
  void listsThatAreReplaced_areReplacedWhole(BusyPolicy policy) {
    try (TimelogStore store = small(policy)) {
      Table table = store.createTable(TableOptions.multimap("t").build());
      EntryBatch batch = new EntryBatch();
      for (int round = 1; round < 90; round++) {
        batch.clear();
        for (int i = 0; i < round % 40; i++) {
          batch.add(5, Span.of(Samples.value(round, 100)));
        }
        try {
          table.writer().replaceAll(KEY, 5, batch);
        } catch (TimelogBusyException accepted) {
          assertThat(policy).isEqualTo(BusyPolicy.RAISE);
        }
        assertThat(values(table)).hasSize(round % 40).allMatch(isOf(round));
        putAnyway(store, round);
      }
    }
  }

  private static Predicate<byte[]> isOf(int round) {
    byte[] expected = Samples.value(round, 100);
    return value -> Arrays.equals(value, expected);
  }

  /** Another table, so that runs are sealed. */
  private static void putAnyway(TimelogStore store, int round) {
    Table other =
        store.tables().contains("other")
            ? store.table("other")
            : store.createTable(TableOptions.map("other").build());
    try {
      other.put(Samples.key(round), round, new byte[400]);
    } catch (TimelogBusyException accepted) {
      assertThat(other.get(Samples.key(round), round)).hasSize(400);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(BusyPolicy.class)
  void countersThatAreUpdated_countOnce(BusyPolicy policy) {
    try (TimelogStore store = small(policy)) {
      Table table = store.createTable(TableOptions.map("t").build());
      Span subkey = new Span();
      for (int i = 0; i < 700; i++) {
        subkey.set(Samples.key(i % 7));
        try {
          table
              .writer()
              .update(
                  KEY,
                  3,
                  subkey,
                  (present, value) -> {
                    value.appendLong(present == null ? 1 : present.getLong(0) + 1);
                    return Editor.Outcome.PUT;
                  });
        } catch (TimelogBusyException accepted) {
          assertThat(policy).isEqualTo(BusyPolicy.RAISE);
        }
        putAnyway(store, i);
      }
      for (int i = 0; i < 7; i++) {
        byte[] count = table.get(KEY.toByteArray(), 3, Samples.key(i));
        assertThat(count).isEqualTo(Samples.key((700 - i + 6) / 7));
      }
    }
  }

  @Test
  void editorThatThrows_leavesTheEntry_andTheStoreGoesOn() {
    try (TimelogStore store = small(BusyPolicy.FLUSH)) {
      Table table = store.createTable(TableOptions.map("t").build());
      table.put(KEY.toByteArray(), 5, new byte[7]);
      for (StrangersTest.Thrown thrown : StrangersTest.Thrown.values()) {
        assertThatThrownBy(
                () ->
                    table
                        .writer()
                        .update(
                            KEY,
                            5,
                            new Span(),
                            (present, value) -> {
                              value.append((byte) 1);
                              thrown.raise();
                              return Editor.Outcome.REMOVE;
                            }))
            .isNotNull();
        assertThat(table.get(KEY.toByteArray(), 5)).hasSize(7);
      }
      table.put(KEY.toByteArray(), 5, new byte[8]);
      assertThat(store.stats().openReaders()).isZero();
    }
  }

  /** Two threads that break the rule of one writer, with batches. */
  @ParameterizedTest(name = "{0} bytes of memtable")
  @ValueSource(longs = {4_096, 1 << 20})
  void batchRefusedBecauseOfAnotherWriter_isNotThere(long memtableMaxBytes) throws Exception {
    try (Timelog<Long> log =
        Timelog.builder(Codecs.longs())
            .memtableMaxBytes(memtableMaxBytes)
            .sealedMaxRuns(2)
            .windowSize(5_000)
            .build()) {
      CyclicBarrier start = new CyclicBarrier(2);
      CompletableFuture<BitSet> other = CompletableFuture.supplyAsync(() -> extend(log, start, 1));
      BitSet accepted = extend(log, start, 0);
      accepted.or(Limit.get("the other writer", other));

      BitSet found = new BitSet();
      for (Entry<Long> entry : log.all().toList()) {
        int number = entry.value().intValue();
        assertThat(found.get(number)).as("entry %d came before", number).isFalse();
        found.set(number);
      }
      found.xor(accepted);
      assertThat(found.cardinality()).as("entries that are not as it was said").isZero();
    }
  }

  /** Numbers in batches of three; those of every second batch are of this thread. */
  private static BitSet extend(Timelog<Long> log, CyclicBarrier start, int parity) {
    BitSet accepted = new BitSet();
    try {
      start.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    for (int i = parity; i < 6_000; i += 2) {
      List<Entry<Long>> batch = new ArrayList<>();
      for (long number = 3L * i; number < 3L * i + 3; number++) {
        batch.add(new Entry<>(number * 7_919 % 60_000, number));
      }
      try {
        log.extend(batch);
        accepted.set(3 * i, 3 * i + 3);
      } catch (ConcurrentWriterException refused) {
        // It says that nothing was accepted.
      }
    }
    return accepted;
  }

  /** A batch goes on where it stopped, whatever comes and goes meanwhile. */
  @Test
  void readInBatches_givesOnceWhatIsThereAllTheTime() {
    try (TimelogStore store = small(BusyPolicy.FLUSH)) {
      Table table = store.createTable(TableOptions.map("t").unbounded().build());
      for (int i = 0; i < 500; i++) {
        table.put(KEY.toByteArray(), i / 50, Samples.key(2L * i), new byte[i % 90]);
      }
      EntryBatch batch = new EntryBatch(7, 1 << 20);
      BatchPosition position = new BatchPosition().begin(TimeRange.all());
      List<Long> read = new ArrayList<>();
      Span subkey = new Span();
      int round = 0;
      while (table.readBatch(KEY, position, batch) > 0) {
        for (int i = 0; i < batch.size(); i++) {
          read.add(batch.subkey(i, subkey).getLong(0));
        }
        for (int i = 0; i < 20; i++) {
          int number = (round * 31 + i * 7) % 500;
          table.put(KEY.toByteArray(), number / 50, Samples.key(2L * number + 1), new byte[40]);
          table.remove(KEY.toByteArray(), number / 50, Samples.key(2L * number + 1));
          table.put(KEY.toByteArray(), number / 50, Samples.key(2L * number), new byte[i * 9]);
        }
        if (round++ % 10 == 0) {
          store.flush();
        }
      }
      assertThat(read).hasSize(500).doesNotHaveDuplicates().isSorted();
    }
  }

  private static List<byte[]> values(Table table) {
    List<byte[]> values = new ArrayList<>();
    try (Cursor cursor = table.scan(KEY, TimeRange.at(5))) {
      while (cursor.advance()) {
        values.add(cursor.value());
      }
    }
    return values;
  }

  private static TimelogStore small(BusyPolicy policy) {
    return TimelogStore.builder()
        .busyPolicy(policy)
        .memtableMaxBytes(16 << 10)
        .sealedMaxRuns(1)
        .build();
  }
}
