package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Cursor;
import io.timelog.EntryBatch;
import io.timelog.MemoryBudget;
import io.timelog.Snapshot;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.promises.TableShape.Rows;
import io.timelog.promises.TableShape.Windows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes and goes while readers are open, which do not see it, takes no memory for long. */
@Timeout(120)
final class ReadersAndChurnTest {
  private static final byte[] KEY = Samples.key("key");
  private static final byte[] STILL = Samples.key("still");
  private static final long SLACK_BYTES = 1L << 20;

  /** What is done over and over, with one key or many. */
  enum Churn {
    LIST_REPLACED(Rows.MULTIMAP) {
      @Override
      void round(Table table, int round) {
        table.removeRange(KEY, TimeRange.all());
        for (int i = 0; i < 3; i++) {
          table.append(KEY, 1, Samples.value(round, 10 + 7 * i));
        }
      }
    },
    LIST_REPLACED_IN_ONE_STEP(Rows.MULTIMAP) {
      @Override
      void round(Table table, int round) {
        EntryBatch batch = new EntryBatch();
        for (int i = 0; i < 1 + round % 4; i++) {
          batch.add(1, Span.of(Samples.value(round, 10 + 7 * i)));
        }
        table.writer().replaceAll(Span.of(KEY), 1, batch);
      }
    },
    QUEUE(Rows.MULTIMAP) {
      @Override
      void round(Table table, int round) {
        table.append(KEY, round % 900, Samples.value(round, 24));
        table.removeRange(KEY, TimeRange.at((round + 890) % 900));
      }
    },
    SUBKEYS_COME_AND_GO(Rows.MAP) {
      @Override
      void round(Table table, int round) {
        table.put(KEY, 1, Samples.key(round), Samples.value(round, 24 + round % 50));
        table.remove(KEY, 1, Samples.key(round - 10));
      }
    },
    VALUE_OF_ANOTHER_LENGTH(Rows.MAP) {
      @Override
      void round(Table table, int round) {
        table.put(KEY, 1, Samples.value(round, round * 31 % 400));
      }
    },
    LARGE_VALUE_OF_ANOTHER_LENGTH(Rows.MAP) {
      @Override
      void round(Table table, int round) {
        table.put(KEY, 1, Samples.value(round, 40_000 + round * 31 % 4_000));
      }
    },
    KEYS_COME_AND_GO(Rows.MAP) {
      @Override
      void round(Table table, int round) {
        table.put(Samples.key(round), 1, Samples.value(round, 24));
        table.remove(Samples.key(round - 10), 1);
      }
    },
    RANGE_DELETED_AND_WRITTEN_AGAIN(Rows.MULTIMAP) {
      @Override
      void round(Table table, int round) {
        table.append(KEY, 3, Samples.value(round, 30));
        table.append(KEY, 4, Samples.value(round, 30));
        table.deleteRange(TimeRange.of(0, 10));
      }
    },
    KEYS_COME_AND_ARE_DELETED(Rows.MULTIMAP) {
      @Override
      void round(Table table, int round) {
        table.append(Samples.key(round), round, Samples.value(round, 24));
        if (round % 50 == 0) {
          table.deleteBefore(round - 50);
        }
      }
    };

    private final Rows rows;

    Churn(Rows rows) {
      this.rows = rows;
    }

    abstract void round(Table table, int round);
  }

  static Stream<Arguments> churns() {
    return Arrays.stream(Churn.values())
        .flatMap(
            churn ->
                Stream.of(Windows.UNBOUNDED, Windows.DECLARED)
                    .map(windows -> Arguments.of(churn, windows)));
  }

  /** The reader sees one entry of another key, and nothing of the churn. */
  @ParameterizedTest(name = "{0}, {1} windows")
  @MethodSource("churns")
  void churnBesideAForgottenReader_holdsWhatLives(Churn churn, Windows windows) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(new TableShape(churn.rows, windows).options("t").build());
      write(table, churn, STILL);
      long used;
      try (Cursor forgotten = table.scan(STILL, TimeRange.all())) {
        for (int round = 0; round < 6_000; round++) {
          churn.round(table, round);
        }
        used = store.memoryBudget().usedBytes();
        assertThat(Samples.drain(forgotten)).isOne();
      }
      assertThat(used).isLessThan(SLACK_BYTES);
    }
  }

  /** Each reader sees one state of the churn. */
  @ParameterizedTest(name = "{0}, {1} windows")
  @MethodSource("churns")
  void churnUnderRollingReaders_holdsWhatTheySee(Churn churn, Windows windows) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(new TableShape(churn.rows, windows).options("t").build());
      write(table, churn, STILL);
      Deque<Snapshot> open = new ArrayDeque<>();
      for (int round = 0; round < 3_000; round++) {
        open.add(store.snapshot());
        churn.round(table, round);
        if (open.size() > 4) {
          open.remove().close();
        }
      }
      long used = store.memoryBudget().usedBytes();
      open.forEach(Snapshot::close);

      assertThat(used).isLessThan(2 * SLACK_BYTES);
    }
  }

  @ParameterizedTest(name = "{0}, {1} windows")
  @MethodSource("churns")
  void forgottenReaders_thatAnotherThreadCloses_giveAllBack(Churn churn, Windows windows)
      throws Exception {
    MemoryBudget budget = MemoryBudget.ofBytes(32L << 20);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      Table table = store.createTable(new TableShape(churn.rows, windows).options("t").build());
      write(table, churn, STILL);
      List<Cursor> forgotten = new ArrayList<>();
      int round = 0;
      for (; round < 400; round++) {
        Cursor cursor = table.scanAll(TimeRange.all());
        cursor.advance();
        forgotten.add(cursor);
        churn.round(table, round);
      }
      Limit.run("closing cursors of another thread", () -> forgotten.forEach(Cursor::close));
      for (; round < 500; round++) {
        churn.round(table, round);
      }

      assertThat(store.stats().openReaders()).isZero();
      assertThat(budget.usedBytes() - store.stats().pooledBytes()).isLessThan(SLACK_BYTES);
    }
  }

  /** Readers of one table do not make another one keep anything. */
  @Test
  void churnOfATable_besideAForgottenReaderOfAnother_holdsWhatLives() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table read = store.createTable(TableOptions.map("read").build());
      Table written = store.createTable(TableOptions.map("written").build());
      read.put(KEY, 1, new byte[10]);
      long used;
      try (Cursor forgotten = read.scanAll(TimeRange.all())) {
        for (int i = 0; i < 20_000; i++) {
          written.put(Samples.key(i % 20), i % 7, Samples.key(i % 3), new byte[i * 31 % 900]);
          written.remove(Samples.key(i * 7 % 20), i % 5, Samples.key(i % 3));
        }
        used = store.memoryBudget().usedBytes();
        assertThat(Samples.drain(forgotten)).isOne();
      }
      assertThat(used).isLessThan(SLACK_BYTES);
    }
  }

  /** A snapshot is read for long, by steps, while everything it sees is overwritten. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.timelog.promises.TableShape#all")
  void snapshotReadInTheMiddleOfChurn_isWhatItWas(TableShape shape) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(shape.options("t").build());
      for (int i = 0; i < 2_000; i++) {
        fill(table, shape, i, 50);
      }
      List<String> before = Samples.read(table.scanAll(TimeRange.all()));
      try (Snapshot snapshot = store.snapshot()) {
        TableReader reader = snapshot.table("t");
        for (int round = 0; round < 5; round++) {
          for (int i = 0; i < 2_000; i++) {
            if (i % 3 == round % 3) {
              table.removeRange(Samples.key(i % 100), TimeRange.at(i));
            }
            fill(table, shape, i, 20 + i * 31 % 200);
          }
          if (round == 2) {
            store.flush();
          }
          if (round == 3) {
            store.compact();
          }
          assertThat(Samples.read(reader.scanAll(TimeRange.all()))).isEqualTo(before);
        }
        table.deleteRange(TimeRange.all());
        assertThat(Samples.read(reader.scanAll(TimeRange.all()))).isEqualTo(before);
      }
      assertThat(table.minTimestamp()).isEmpty();
    }
  }

  private static void write(Table table, Churn churn, byte[] key) {
    if (churn.rows == Rows.MAP) {
      table.put(key, 3, new byte[16]);
    } else {
      table.append(key, 30_000, new byte[16]);
    }
  }

  private static void fill(Table table, TableShape shape, int number, int bytes) {
    if (shape.isMap()) {
      table.put(Samples.key(number % 100), number, Samples.value(number, bytes));
    } else {
      table.append(Samples.key(number % 100), number, Samples.value(number, bytes));
    }
  }
}
