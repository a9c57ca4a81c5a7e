package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.MemoryBudget;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.SlabPool;
import io.timelog.internal.row.WindowIndex;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemtableWindowTest {
  private static final int ROWS = 1_000;
  private static final byte[] VALUE = new byte[128];

  private final SlabPool pool = new SlabPool(MemoryBudget.ofBytes(64 << 20));

  @Test
  void slabsOfAKeyWithManyRows_areUsedAgain() {
    MemtableWindow before = filled(0, null);
    MemtableWindow after = filled(ROWS, before);
    long allocated = pool.allocatedBytes();

    before.free();
    after.free();
    pool.take(SlabPool.MAX_SLAB_BYTES);

    assertThat(pool.allocatedBytes()).isEqualTo(allocated);
  }

  private MemtableWindow filled(long first, @Nullable MemtableWindow predecessor) {
    MemtableWindow window =
        new MemtableWindow(
            first, first + ROWS - 1, 0, KeyGroups.NONE, WindowIndex.KEY, pool, predecessor);
    Key key = Key.of(new byte[] {1}, 0);
    PendingRow row = new PendingRow();
    for (int i = 0; i < ROWS; i++) {
      row.entry(first + i, VALUE, 0, VALUE.length);
      window.append(key, row, 0, -1);
    }
    return window;
  }
}
