package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.internal.key.KeyHash;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Keys may have equal hashes, by chance or by somebody's will. The only test of this package that
 * looks into the engine: it must know the hash to make such keys.
 */
@Timeout(240)
@Isolated("costs are measured, and caches are shared")
final class CollidingKeysTest {
  private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
  private static final int HASH = 0x1234_5678;

  @Test
  void keysThatAreMade_collide() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(KeyHash.hash32(key(i), 0, Long.BYTES)).isEqualTo(HASH);
      assertThat(key(i)).isNotEqualTo(key(i + 1));
    }
  }

  @Test
  void putOfACollidingKey_costsTheSameAmongMore() {
    CpuTime.assertGrowthBelow(
        3.5,
        500,
        count -> {
          byte[][] keys = keys(count);
          try (TimelogStore store = TimelogStore.builder().build()) {
            Table table = store.createTable(TableOptions.map("t").unbounded().build());
            return CpuTime.perOperation(count, () -> put(table, keys));
          }
        });
  }

  @Test
  void getOfACollidingKey_costsTheSameAmongMore() {
    for (boolean flushed : new boolean[] {false, true}) {
      CpuTime.assertGrowthBelow(
          3.5,
          500,
          count -> {
            byte[][] keys = keys(count);
            try (TimelogStore store = TimelogStore.builder().build()) {
              Table table = store.createTable(TableOptions.map("t").unbounded().build());
              put(table, keys);
              if (flushed) {
                store.flush();
              }
              return CpuTime.perOperation(
                  200,
                  () -> {
                    for (int i = 0; i < 200; i++) {
                      assertThat(table.get(keys[i * 31 % count], 0)).hasSize(8);
                    }
                  });
            }
          });
    }
  }

  /** They go from the last to the first, as they came or the other way round. */
  @Test
  void removalOfACollidingKey_costsTheSameAmongMore() {
    for (boolean reversed : new boolean[] {false, true}) {
      CpuTime.assertGrowthBelow(
          3.5,
          500,
          count -> {
            byte[][] keys = keys(count);
            try (TimelogStore store = TimelogStore.builder().build()) {
              Table table = store.createTable(TableOptions.map("t").unbounded().build());
              put(table, keys);
              if (reversed) {
                Collections.reverse(Arrays.asList(keys));
              }
              return CpuTime.perOperation(
                  count,
                  () -> {
                    for (byte[] key : keys) {
                      table.remove(key, 0);
                    }
                  });
            }
          });
    }
  }

  @Test
  void collidingKeysInDescendingOrder_withValuesOfAnyLength_areToldApart() {
    byte[][] keys = keys(300);
    Arrays.sort(keys, Collections.reverseOrder(Arrays::compareUnsigned));
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.map("t").windowSize(100, 0).build());
      for (int round = 0; round < 4; round++) {
        for (int i = 0; i < keys.length; i++) {
          table.put(keys[i], i % 250, Samples.value(i, (i * 31 + round * 7) % 400));
        }
        for (int i = round % 3; i < keys.length; i += 3) {
          table.remove(keys[i], i % 250);
        }
        if (round == 1) {
          store.flush();
        }
      }
      for (int i = 0; i < keys.length; i++) {
        byte[] expected = i % 3 == 0 ? null : Samples.value(i, (i * 31 + 21) % 400);
        assertThat(table.get(keys[i], i % 250)).isEqualTo(expected);
        assertThat(table.count(keys[i], TimeRange.all())).isEqualTo(expected == null ? 0 : 1);
      }
      assertThat(Samples.drain(table.scanAll(TimeRange.all()))).isEqualTo(200);
      assertThat(Samples.drain(table.keys(TimeRange.all()))).isEqualTo(200);
    }
  }

  /** The memory of those that are gone comes back. */
  @Test
  void collidingKeysThatComeAndGo_takeNoMore() {
    byte[][] keys = keys(4_000);
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.map("t").unbounded().build());
      for (int round = 0; round < 5; round++) {
        for (int i = 0; i < keys.length; i++) {
          table.put(keys[i], 0, Samples.value(i, i % 90));
          if (i >= 100) {
            table.remove(keys[i - 100], 0);
          }
        }
        for (int i = keys.length - 100; i < keys.length; i++) {
          table.remove(keys[i], 0);
        }
      }
      assertThat(table.minTimestamp()).isEmpty();
      assertThat(store.memoryBudget().usedBytes()).isLessThan(1L << 20);
    }
  }

  @Test
  void collidingKeys_areToldApart() {
    byte[][] keys = keys(300);
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.map("t").unbounded().build());
      put(table, keys);
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < keys.length; i++) {
          assertThat(table.get(keys[i], 0)).isEqualTo(Samples.value(i, 8));
        }
        store.flush();
      }
      for (int i = 0; i < keys.length; i += 2) {
        table.remove(keys[i], 0);
      }
      store.flush();
      store.compact();
      for (int i = 0; i < keys.length; i++) {
        assertThat(table.get(keys[i], 0) == null).isEqualTo(i % 2 == 0);
      }
    }
  }

  private static void put(Table table, byte[][] keys) {
    for (int i = 0; i < keys.length; i++) {
      table.put(keys[i], 0, Samples.value(i, 8));
    }
  }

  private static byte[][] keys(int count) {
    byte[][] keys = new byte[count][];
    for (int i = 0; i < count; i++) {
      keys[i] = key(i);
    }
    return keys;
  }

  /** The eight bytes that have the hash, and the number in the half of the state it leaves out. */
  private static byte[] key(int number) {
    long state = ((long) HASH << 32) | Integer.toUnsignedLong(number * 0x9E37_79B1);
    state ^= state >>> 33;
    state *= inverse(0xc4ceb9fe1a85ec53L);
    state ^= state >>> 33;
    state *= inverse(0xff51afd7ed558ccdL);
    state ^= state >>> 33;
    state ^= state >>> 32;
    state *= inverse(MULTIPLIER);
    long length = Long.BYTES;
    state ^= length * MULTIPLIER;
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(state).array();
  }

  private static long inverse(long odd) {
    return BigInteger.valueOf(odd).modInverse(TWO_TO_64).longValue();
  }
}
