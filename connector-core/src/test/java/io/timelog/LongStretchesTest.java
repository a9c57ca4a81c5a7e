package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keys with many rows of one size, written in order, lie in long stretches of memory; here these
 * are torn up: by late rows, rows of other sizes, removals, and readers that must not notice. Rerun
 * one random case with {@code -Dseed=<seed>}.
 */
final class LongStretchesTest {
  private static final byte[] KEY = {1};
  private static final int OPERATIONS = 40_000;
  private static final int VALUE_BYTES = 100;
  private static final int HUGE_VALUE_BYTES = 20_000;
  private static final long WINDOW = 15_000;

  private static final Comparator<Row> IN_MULTIMAP =
      Comparator.comparingLong(Row::time).thenComparingInt(Row::number);
  private static final Comparator<Row> IN_MAP = Comparator.comparingLong(Row::time);

  /** Readers differ from the store's present state in what was written since. */
  private record OpenSnapshot(Snapshot snapshot, List<Row> rows) {}

  private record Row(long time, int number, int bytes) {
    byte[] value() {
      byte[] value = new byte[bytes];
      Arrays.fill(value, (byte) number);
      return ByteBuffer.wrap(value).putInt(0, number).array();
    }
  }

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 5) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void rowsOfAMultimap_areThoseOfASortedSet(long seed) {
    run(seed, TableOptions.multimap("table"), IN_MULTIMAP);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void rowsOfAMap_areThoseOfASortedSet(long seed) {
    run(seed, TableOptions.map("table"), IN_MAP);
  }

  private static void run(long seed, TableOptions.Builder options, Comparator<Row> order) {
    Random random = new Random(seed);
    boolean isMap = order == IN_MAP;
    NavigableSet<Row> model = new TreeSet<>(order);
    List<OpenSnapshot> open = new ArrayList<>();
    try (TimelogStore store = TimelogStore.builder().maintenance(Maintenance.DISABLED).build()) {
      Table table =
          store.createTable(
              (seed % 2 == 0 ? options.unbounded() : options.windowSize(WINDOW, 0)).build());
      long now = 0;
      for (int i = 0; i < OPERATIONS; i++) {
        now += random.nextInt(3);
        int roll = random.nextInt(6_000);
        if (roll < 30) {
          long time = Math.max(0, now - random.nextLong(WINDOW));
          TimeRange range = TimeRange.of(time, time + random.nextInt(40));
          table.removeRange(KEY, range);
          model.removeIf(row -> range.contains(row.time));
        } else if (roll < 60 && isMap && !model.isEmpty()) {
          Row near =
              model.floor(
                  new Row(Math.max(model.first().time, now - random.nextLong(WINDOW)), 0, 0));
          table.remove(KEY, near.time);
          model.remove(near);
        } else if (roll < 62) {
          open.add(new OpenSnapshot(store.snapshot(), List.copyOf(model)));
        } else {
          long time = roll < 80 ? Math.max(0, now - random.nextLong(WINDOW)) : now;
          int bytes =
              roll == 99 ? HUGE_VALUE_BYTES : roll == 98 ? 4 + random.nextInt(200) : VALUE_BYTES;
          Row row = new Row(time, i, bytes);
          if (isMap) {
            table.put(KEY, time, row.value());
            model.remove(row);
          } else {
            table.append(KEY, time, row.value());
          }
          model.add(row);
        }
        if (open.size() > 2 || (!open.isEmpty() && random.nextInt(1_500) == 0)) {
          OpenSnapshot oldest = open.remove(0);
          try (Snapshot snapshot = oldest.snapshot) {
            check(snapshot.table("table"), TimeRange.all(), oldest.rows);
          }
        }
        if (random.nextInt(500) == 0) {
          long start = random.nextLong(now + 1);
          TimeRange range = TimeRange.of(start, start + random.nextLong(WINDOW));
          check(table, range, model.stream().filter(row -> range.contains(row.time)).toList());
        }
      }
      check(table, TimeRange.all(), List.copyOf(model));
      for (OpenSnapshot snapshot : open) {
        check(snapshot.snapshot.table("table"), TimeRange.all(), snapshot.rows);
        snapshot.snapshot.close();
      }
    }
  }

  private static void check(TableReader table, TimeRange range, List<Row> expected) {
    try (Cursor forward = table.scan(KEY, range);
        Cursor backward = table.scanBackward(KEY, range)) {
      for (int i = 0; i < expected.size(); i++) {
        checkStep(forward, expected.get(i));
        checkStep(backward, expected.get(expected.size() - 1 - i));
      }
      assertThat(forward.advance()).isFalse();
      assertThat(backward.advance()).isFalse();
    }
  }

  private static void checkStep(Cursor cursor, Row expected) {
    assertThat(cursor.advance()).isTrue();
    if (cursor.timestamp() != expected.time || !Arrays.equals(cursor.value(), expected.value())) {
      assertThat(cursor.timestamp()).isEqualTo(expected.time);
      assertThat(cursor.value()).isEqualTo(expected.value());
    }
  }
}
