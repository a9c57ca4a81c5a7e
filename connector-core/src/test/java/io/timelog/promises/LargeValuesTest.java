package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.MemoryBudget;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values may be large, and take about their size. */
@Timeout(240)
final class LargeValuesTest {

  @ParameterizedTest(name = "around {0} bytes")
  @ValueSource(ints = {4_096, 16_384, 32_768, 65_536, 262_144, 1 << 20, 3_000_000, 1 << 24})
  void value_takesAboutItsSize(int bytes) {
    for (int difference : new int[] {-100, -24, -9, -1, 0, 1, 8, 100}) {
      try (TimelogStore store = TimelogStore.builder().build()) {
        Table map = store.createTable(TableOptions.map("map").unbounded().build());
        map.put(Samples.key(1), 0, new byte[bytes + difference]);

        assertThat(store.memoryBudget().usedBytes())
            .as("%d bytes", bytes + difference)
            .isLessThan(bytes * 3L / 2 + (128 << 10));
      }
    }
  }

  @ParameterizedTest(name = "from {0} bytes on")
  @ValueSource(ints = {2_000, 4_000, 8_100, 32_700, 65_500, 262_000, 1_048_500})
  void valueThatGrowsByteByByte_takesAboutItsSize(int bytes) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table map = store.createTable(TableOptions.map("map").unbounded().build());
      for (int i = 0; i < 150; i++) {
        map.put(Samples.key(1), 0, Samples.value(i, bytes + i));

        assertThat(store.memoryBudget().usedBytes())
            .as("bytes for one value of %d", bytes + i)
            .isLessThan(2L * bytes + (512 << 10));
      }
      assertThat(map.get(Samples.key(1), 0)).isEqualTo(Samples.value(149, bytes + 149));
    }
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {5_000, 33_000, 300_000})
  void valuesOfGrowingLength_takeAboutTheirSize(int bytes) {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table list = store.createTable(TableOptions.multimap("list").unbounded().build());
      long written = 0;
      for (int i = 0; written < 24 << 20; i++) {
        list.append(Samples.key(1), i, Samples.value(i, bytes + i));
        written += bytes + i;
      }
      assertThat(store.memoryBudget().usedBytes()).isLessThan(written * 3 / 2 + (1 << 20));
    }
  }

  /**
   * A memtable window addresses a gigabyte of blocks and tens of thousands of large ones. What is
   * beyond needs a second one, and a machine with so much memory: only with {@code -Psoak}.
   */
  @Test
  void unboundedWindow_takesMoreThanOneArena() {
    Assumptions.assumeTrue(Scale.isSoak(), "needs 1.5 GiB of direct memory");
    MemoryBudget budget = MemoryBudget.ofBytes(1_800L << 20);
    try (TimelogStore store =
        TimelogStore.builder().memoryBudget(budget).memtableMaxBytes(1_800L << 20).build()) {
      Table table = store.createTable(TableOptions.multimap("t").unbounded().build());
      for (int i = 0; i < 40_000; i++) {
        table.append(Samples.key(i % 100), i, Samples.value(i, 33_000));
      }
      assertThat(Samples.drain(table.scanByKey(TimeRange.all()))).isEqualTo(40_000);
    }
  }
}
