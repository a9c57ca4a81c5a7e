package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.WindowIndex;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemtableWindowTest {
  private static final int ROWS = 1_000;
  private static final byte[] VALUE = new byte[128];

  private final MemoryAccount pool = new MemoryAccount(new BufferPool(64 << 20));

  @Test
  void slabsOfAKeyWithManyRows_areUsedAgain() {
    MemtableWindow before = filled(0, null);
    MemtableWindow after = filled(ROWS, before);
    long allocated = pool.allocatedBytes();

    before.free();
    after.free();
    pool.take(MemoryAccount.MAX_SLAB_BYTES);

    assertThat(pool.allocatedBytes()).isEqualTo(allocated);
  }

  @Test
  void aKeyThatIsExpectedToGetManyRows_hasThemAll() {
    MemtableWindow before = filled(0, null);
    MemtableWindow after = filled(ROWS, before);
    try {
      Key key = Key.of(new byte[] {1}, 0);
      RowCursor rows = after.rows().find(key, 0, ROWS, 2 * ROWS - 1);
      assertThat(rows).isNotNull();
      for (long time = ROWS; time < 2 * ROWS; time++) {
        assertThat(rows.advance()).isTrue();
        assertThat(rows.timestamp()).isEqualTo(time);
        assertThat(rows.payloadLength()).isEqualTo(VALUE.length);
      }
      assertThat(rows.advance()).isFalse();
    } finally {
      before.free();
      after.free();
    }
  }

  @Test
  void aReaderThatCameBeforeTheFirstRow_seesNone() {
    MemtableWindow before = filled(0, null);
    MemtableWindow after =
        new MemtableWindow(ROWS, 2 * ROWS - 1, 0, KeyGroups.NONE, WindowIndex.KEY, pool, before);
    try {
      Key key = Key.of(new byte[] {1}, 0);
      PendingRow row = new PendingRow();
      row.entry(ROWS, VALUE, 0, VALUE.length);
      after.append(key, row, new WriteMoment().atVersion(8).withReaders(7, 7));

      assertThat(rowsSeen(after, key, 7)).isZero();
      assertThat(rowsSeen(after, key, 8)).isEqualTo(1);
    } finally {
      before.free();
      after.free();
    }
  }

  private static int rowsSeen(MemtableWindow window, Key key, long version) {
    RowCursor rows = window.rows().find(key, version, window.first(), window.last());
    int count = 0;
    while (rows != null && rows.advance()) {
      count++;
    }
    return count;
  }

  private MemtableWindow filled(long first, @Nullable MemtableWindow predecessor) {
    MemtableWindow window =
        new MemtableWindow(
            first, first + ROWS - 1, 0, KeyGroups.NONE, WindowIndex.KEY, pool, predecessor);
    Key key = Key.of(new byte[] {1}, 0);
    PendingRow row = new PendingRow();
    for (int i = 0; i < ROWS; i++) {
      row.entry(first + i, VALUE, 0, VALUE.length);
      window.append(key, row, new WriteMoment());
    }
    return window;
  }
}
