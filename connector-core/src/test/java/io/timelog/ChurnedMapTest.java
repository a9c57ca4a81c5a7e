package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A map whose keys come and go takes memory for those that are there. Rerun one random case with
 * {@code -Dseed=<seed>}.
 */
final class ChurnedMapTest {
  private static final int LIVE_KEYS = 1_000;
  private static final int ALL_KEYS = 100_000;

  @ParameterizedTest(name = "values of {0} bytes")
  @ValueSource(ints = {0, 4, 20, 60, 200})
  void keysThatAreRemoved_giveTheirMemoryBack(int valueBytes) {
    byte[] value = new byte[valueBytes];
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table queue = store.createTable(TableOptions.map("queue").unbounded().build());
      for (int i = 0; i < ALL_KEYS; i++) {
        queue.put(key(i), 0, value);
        if (i >= LIVE_KEYS) {
          queue.remove(key(i - LIVE_KEYS), 0);
        }
      }
      assertThat(queue.stats().memtableEntries()).isEqualTo(LIVE_KEYS);
      assertThat(queue.stats().memtableBytes()).isLessThan(2 << 20);
      assertThat(queue.get(key(ALL_KEYS - LIVE_KEYS - 1), 0)).isNull();
      assertThat(queue.get(key(ALL_KEYS - LIVE_KEYS), 0)).isEqualTo(value);
    }
  }

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 6) : LongStream.of(seed);
  }

  /** Values keep their size or change it, and most removals are of keys that no reader saw. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void snapshots_seeTheKeysOfTheirMoment_whichComeAndGo(long seed) {
    Random random = new Random(seed);
    int keys = random.nextBoolean() ? 20 : 4_000;
    Map<Integer, Integer> model = new HashMap<>();
    Deque<OpenSnapshot> open = new ArrayDeque<>();
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table map = store.createTable(TableOptions.map("map").unbounded().build());
      for (int i = 0; i < 40_000; i++) {
        int key = random.nextInt(keys);
        int bytes = random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 20;
        switch (random.nextInt(8)) {
          case 0, 1, 2, 3 -> {
            map.put(key(key), 0, value(key, bytes));
            model.put(key, bytes);
          }
          case 4 -> {
            map.removeRange(key(key), TimeRange.all());
            model.remove(key);
          }
          default -> {
            map.remove(key(key), 0);
            model.remove(key);
          }
        }
        if (random.nextInt(1_000) == 0) {
          open.add(new OpenSnapshot(store.snapshot(), Map.copyOf(model)));
        }
        if (open.size() > random.nextInt(5)) {
          open.remove().checkAndClose(keys);
        }
      }
      assertThat(map.stats().memtableEntries()).isEqualTo(model.size());
      open.add(new OpenSnapshot(store.snapshot(), model));
      open.forEach(snapshot -> snapshot.checkAndClose(keys));
    }
  }

  private record OpenSnapshot(Snapshot snapshot, Map<Integer, Integer> model) {
    void checkAndClose(int keys) {
      try (snapshot) {
        TableReader map = snapshot.table("map");
        for (int key = 0; key < keys; key++) {
          Integer bytes = model.get(key);
          assertThat(map.get(key(key), 0)).isEqualTo(bytes == null ? null : value(key, bytes));
        }
        int found = 0;
        try (Cursor all = map.scanByKey(TimeRange.all())) {
          while (all.advance()) {
            found++;
          }
        }
        assertThat(found).isEqualTo(model.size());
      }
    }
  }

  private static byte[] value(int key, int bytes) {
    byte[] value = new byte[bytes];
    Arrays.fill(value, (byte) key);
    return value;
  }

  private static byte[] key(int i) {
    return ByteBuffer.allocate(25).putLong(i).put((byte) 1).putLong(31L * i).putLong(i).array();
  }
}
