package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A map whose keys come once and go again takes memory for those that are there. */
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

  private static byte[] key(int i) {
    return ByteBuffer.allocate(25).putLong(i).put((byte) 1).putLong(31L * i).putLong(i).array();
  }
}
