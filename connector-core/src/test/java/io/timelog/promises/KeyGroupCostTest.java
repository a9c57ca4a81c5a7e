package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.promises.TableShape.Windows;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A scan of key groups one by one costs about what one pass over all of them costs. */
@Timeout(240)
@Isolated("costs are measured, and caches are shared")
final class KeyGroupCostTest {
  private static final int GROUPS = 128;
  private static final int ATTEMPTS = 6;

  static Stream<Arguments> inputs() {
    return Arrays.stream(Windows.values())
        .flatMap(
            windows ->
                Stream.of(1, 10, 100)
                    .flatMap(
                        perKey ->
                            Stream.of(true, false)
                                .map(flushed -> Arguments.of(windows, perKey, flushed))));
  }

  @ParameterizedTest(name = "{0} windows, {1} entries of a key, flushed {2}")
  @MethodSource("inputs")
  void groupsOneByOne_costWhatOnePassCosts(Windows windows, int perKey, boolean flushed) {
    int keys = 60_000 / perKey;
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table =
          store.createTable(
              new TableShape(TableShape.Rows.MULTIMAP, windows)
                  .options("t")
                  .keyGroups(KeyGroups.FIRST_BYTE)
                  .build());
      for (int i = 0; i < 60_000; i++) {
        table.append(key(i % keys), 8 * TableShape.WINDOW_TICKS * i / 60_000, new byte[8]);
      }
      if (flushed) {
        store.flush();
      }
      double onePass = Double.MAX_VALUE;
      double oneByOne = Double.MAX_VALUE;
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        onePass = Math.min(onePass, CpuTime.perOperation(1, () -> scan(table, GROUPS)));
        oneByOne = Math.min(oneByOne, CpuTime.perOperation(1, () -> scan(table, 1)));
        if (attempt > 1 && oneByOne < 4 * onePass) {
          return;
        }
      }
      assertThat(oneByOne / onePass)
          .as("%d groups one by one: %.0f ns, in one pass: %.0f ns", GROUPS, oneByOne, onePass)
          .isLessThan(4);
    }
  }

  private static void scan(Table table, int atOnce) {
    int found = 0;
    for (int group = 0; group < GROUPS; group += atOnce) {
      found += Samples.drain(table.scanKeyGroups(group, group + atOnce - 1, TimeRange.all()));
    }
    assertThat(found).isEqualTo(60_000);
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(9).put((byte) (number * 31 % GROUPS)).putLong(number).array();
  }
}
