package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a read costs does not follow how much the table holds. CPU time of the same read at few and
 * at many entries, best of several, with a generous bound on the ratio.
 */
final class ReadCostTest {
  private static final int ENTRIES = 20_000;
  private static final int ROUNDS = 10;

  @ParameterizedTest(name = "flushed: {0}")
  @ValueSource(booleans = {false, true})
  void boundsOfTime_areFoundWithoutReadingTheWindow(boolean flushed) {
    Consumer<Table> read =
        table -> {
          for (int i = 0; i < 3_000; i++) {
            assertThat(table.minTimestamp().isPresent()).isTrue();
            assertThat(table.maxTimestamp().isPresent()).isTrue();
          }
        };

    assertThat(ratio(flushed, ENTRIES, 8 * ENTRIES, read)).isLessThan(4);
  }

  @ParameterizedTest(name = "flushed: {0}")
  @ValueSource(booleans = {false, true})
  void distinctKeys_areFoundWithoutReadingTheirEntries(boolean flushed) {
    Consumer<Table> read =
        table -> {
          for (int i = 0; i < 10; i++) {
            try (Cursor keys = table.keys(TimeRange.all())) {
              int count = 0;
              while (keys.advance()) {
                count++;
              }
              assertThat(count).isEqualTo(1_000);
            }
          }
        };

    assertThat(ratio(flushed, 1_000, 10 * ENTRIES, read)).isLessThan(40);
  }

  /** CPU time at many entries divided by that at few. */
  private static double ratio(boolean flushed, int few, int many, Consumer<Table> read) {
    try (TimelogStore store = TimelogStore.builder().maintenance(Maintenance.DISABLED).build()) {
      Table small = filled(store, "few", few);
      Table large = filled(store, "many", many);
      if (flushed) {
        store.flush();
      }
      long smallest = Long.MAX_VALUE;
      long largest = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        smallest = Math.min(smallest, cpuTime(small, read));
        largest = Math.min(largest, cpuTime(large, read));
      }
      return (double) largest / smallest;
    }
  }

  private static Table filled(TimelogStore store, String name, int entries) {
    Table table = store.createTable(TableOptions.multimap(name).unbounded().build());
    byte[] value = new byte[8];
    for (int i = 0; i < entries; i++) {
      table.append(ByteBuffer.allocate(4).putInt(i % 1_000).array(), i, value);
    }
    return table;
  }

  private static long cpuTime(Table table, Consumer<Table> read) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    read.accept(table);
    return threads.getCurrentThreadCpuTime() - before;
  }
}
