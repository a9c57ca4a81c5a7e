package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A read of one entry costs what it costs, among however many entries. */
@Timeout(240)
@Isolated("costs are measured, and caches are shared")
final class ReadCostTest {
  private static final byte[] KEY = Samples.key("key");
  private static final int ENTRIES = 4_000;
  private static final int READS = 200;

  /** Where the entries are. */
  enum Place {
    MEMTABLE,
    SEGMENT,
    HALF_AND_HALF
  }

  /** What is written, and which of it is read. */
  enum Read {
    SUBKEY_OF_ONE_TIMESTAMP {
      @Override
      void write(Table table, int i) {
        table.put(KEY, 0, Samples.key(i), new byte[20]);
      }

      @Override
      void read(Table table, int i) {
        assertThat(table.get(KEY, 0, Samples.key(i))).hasSize(20);
      }
    },
    SUBKEY_THAT_IS_NOT_THERE {
      @Override
      void write(Table table, int i) {
        table.put(KEY, 0, Samples.key(2L * i), new byte[20]);
      }

      @Override
      void read(Table table, int i) {
        assertThat(table.get(KEY, 0, Samples.key(2 * i + 1))).isNull();
      }
    },
    TIMESTAMP_OF_ONE_KEY {
      @Override
      void write(Table table, int i) {
        table.put(KEY, i, new byte[20]);
      }

      @Override
      void read(Table table, int i) {
        assertThat(table.get(KEY, i)).hasSize(20);
      }
    },
    TIMESTAMP_OF_LONG_VALUES {
      @Override
      void write(Table table, int i) {
        table.put(KEY, i, new byte[i % 600]);
      }

      @Override
      void read(Table table, int i) {
        assertThat(table.get(KEY, i)).hasSize(i % 600);
      }
    },
    RANGE_OF_ONE_KEY {
      @Override
      void write(Table table, int i) {
        table.put(KEY, i, new byte[20]);
      }

      @Override
      void read(Table table, int i) {
        assertThat(Samples.drain(table.scan(KEY, TimeRange.closed(i, i)))).isOne();
        assertThat(Samples.drain(table.scanBackward(KEY, TimeRange.closed(i, i)))).isOne();
      }
    },
    COUNT_OF_ONE_TIMESTAMP {
      @Override
      void write(Table table, int i) {
        table.put(KEY, i, new byte[20]);
      }

      @Override
      void read(Table table, int i) {
        assertThat(table.count(KEY, TimeRange.at(i))).isOne();
      }
    },
    KEY_OF_MANY {
      @Override
      void write(Table table, int i) {
        table.put(Samples.key(i), 0, new byte[20]);
      }

      @Override
      void read(Table table, int i) {
        assertThat(table.get(Samples.key(i), 0)).hasSize(20);
      }
    },
    SMALLEST_TIMESTAMP {
      @Override
      void write(Table table, int i) {
        table.put(Samples.key(i), 3L * i, new byte[20]);
      }

      @Override
      void read(Table table, int i) {
        assertThat(table.minTimestamp()).hasValue(0);
      }
    },
    LARGEST_TIMESTAMP {
      @Override
      void write(Table table, int i) {
        table.put(Samples.key(i), -3L * i, new byte[20]);
      }

      @Override
      void read(Table table, int i) {
        assertThat(table.maxTimestamp()).hasValue(0);
      }
    },
    EXTREMES_OF_FEW_KEYS {
      @Override
      void write(Table table, int i) {
        table.put(Samples.key(i % 10), i, new byte[20]);
      }

      @Override
      void read(Table table, int i) {
        assertThat(table.minTimestamp()).hasValue(0);
        assertThat(table.maxTimestamp()).isPresent();
      }
    };

    abstract void write(Table table, int i);

    abstract void read(Table table, int i);
  }

  static Stream<Arguments> inputs() {
    return Arrays.stream(Read.values())
        .flatMap(read -> Arrays.stream(Place.values()).map(place -> Arguments.of(read, place)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("inputs")
  void read_costsTheSameAmongMoreEntries(Read read, Place place) {
    CpuTime.assertGrowthBelow(
        3,
        ENTRIES,
        count -> {
          try (TimelogStore store = TimelogStore.builder().build()) {
            Table table = store.createTable(TableOptions.map("t").unbounded().build());
            for (int i = 0; i < count; i++) {
              if (i == count / 2 && place == Place.HALF_AND_HALF) {
                store.flush();
              }
              read.write(table, i);
            }
            if (place == Place.SEGMENT) {
              store.flush();
            }
            Runnable reads =
                () -> {
                  for (int i = 0; i < READS; i++) {
                    read.read(table, (int) (i * 7_919L % count));
                  }
                };
            // The first round fetches into the caches what it reads. Of more entries fewer are
            // there yet, the fewer the more other work takes of the caches.
            reads.run();
            return CpuTime.perOperation(READS, reads);
          }
        });
  }

  /** Each range that was removed is a tombstone above the segment that has the entries. */
  @Test
  void rowOfAScan_costsTheSameAmongMoreRemovedRanges() {
    CpuTime.assertGrowthBelow(3.5, ENTRIES, ReadCostTest::costOfScanAmongRanges);
  }

  private static double costOfScanAmongRanges(int count) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.map("t").unbounded().build());
      for (int i = 0; i < 2 * count; i++) {
        table.put(KEY, i, new byte[20]);
      }
      store.flush();
      for (int i = 0; i < count; i++) {
        table.removeRange(KEY, TimeRange.closed(2L * i, 2L * i));
      }
      return CpuTime.perOperation(
          count,
          () -> {
            int found = 0;
            try (Cursor rows = table.scan(KEY, TimeRange.all())) {
              while (rows.advance()) {
                found++;
              }
            }
            assertThat(found).isEqualTo(count);
          });
    }
  }
}
