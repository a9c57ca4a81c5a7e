package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.WindowIndex;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A key with so many chunks that they are found through an index. */
class LongChainTest {
  private static final byte[] NO_SUBKEY = new byte[0];
  private static final int ROWS = 4_000;
  private static final int VALUE_BYTES = 100;

  private final MemoryAccount pool = new MemoryAccount(new BufferPool(64 << 20));
  private final PendingRow row = new PendingRow();
  private final WriteMoment moment = new WriteMoment();
  private final Key key = Key.of(new byte[] {1}, 0);
  private final List<MemtableWindow> windows = new ArrayList<>();

  @AfterEach
  void giveBack() {
    windows.forEach(MemtableWindow::free);
  }

  @Test
  void rowsBeforeAllOthers_haveOnePlaceEach() {
    MemtableWindow window = emptyWindow();
    for (int time = ROWS; time < 2 * ROWS; time++) {
      put(window, time, NO_SUBKEY, 0);
    }
    for (int time = ROWS - 1; time >= 0; time--) {
      put(window, time, NO_SUBKEY, 0);
    }
    for (int time = 0; time < 2 * ROWS; time++) {
      put(window, time, NO_SUBKEY, 1);
    }

    assertThat(values(window)).hasSize(2 * ROWS).containsOnly(1);
  }

  @Test
  void rowsBeforeAllOthers_haveOnePlaceEachWhenTheOldestWereRemoved() {
    MemtableWindow window = emptyWindow();
    for (int time = ROWS; time < 2 * ROWS; time++) {
      put(window, time, NO_SUBKEY, 0);
    }
    window.removeRange(key, 0, ROWS + ROWS / 4 - 1, moment);
    for (int time = ROWS + ROWS / 4 - 1; time >= 0; time--) {
      put(window, time, NO_SUBKEY, 0);
    }
    for (int time = 0; time < 2 * ROWS; time++) {
      put(window, time, NO_SUBKEY, 1);
    }

    assertThat(values(window)).hasSize(2 * ROWS).containsOnly(1);
  }

  @Test
  void rowsInAnyOrder_haveOnePlaceEachWhenTheOldestGoAllTheTime() {
    MemtableWindow window = emptyWindow();
    TreeSet<Long> times = new TreeSet<>();
    Random random = new Random(7);
    for (int i = 0; i < 20 * ROWS; i++) {
      long time = random.nextInt(2 * ROWS);
      put(window, time, NO_SUBKEY, random.nextInt(128));
      times.add(time);
      if (i % 500 == 499) {
        long cutoff = times.first() + random.nextInt(ROWS);
        window.removeRange(key, 0, cutoff - 1, moment);
        times.headSet(cutoff).clear();
      }
    }

    assertThat(values(window)).hasSize(times.size());
  }

  @Test
  void subkeysOfOneTimestamp_haveOnePlaceEachInACopy() {
    MemtableWindow window = emptyWindow();
    for (int i = 0; i < ROWS; i++) {
      put(window, 7, subkey(i), 0);
    }
    MemtableWindow copy = WindowCopy.of(window, 0, pool, time -> false);
    windows.add(copy);
    for (int i = 0; i < ROWS; i++) {
      put(copy, 7, subkey(i), 1);
    }

    assertThat(values(copy)).hasSize(ROWS).containsOnly(1);
  }

  private MemtableWindow emptyWindow() {
    MemtableWindow window =
        new MemtableWindow(0, 1 << 20, 0, KeyGroups.NONE, WindowIndex.KEY_AND_TIME, pool, null);
    windows.add(window);
    return window;
  }

  private void put(MemtableWindow window, long time, byte[] subkey, int value) {
    byte[] bytes = new byte[VALUE_BYTES];
    bytes[VALUE_BYTES - 1] = (byte) value;
    window.put(key, row.mapEntry(time, Span.of(subkey), bytes, 0, bytes.length), moment);
  }

  private static byte[] subkey(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  /** The last byte of every value, oldest first. */
  private List<Integer> values(MemtableWindow window) {
    RowCursor rows =
        Objects.requireNonNull(
            window.rows().find(key, 0, Long.MIN_VALUE, Long.MAX_VALUE, Direction.FORWARD));
    List<Integer> values = new ArrayList<>();
    while (rows.advance()) {
      values.add((int) rows.payload().get(rows.payloadOffset() + rows.payloadLength() - 1));
    }
    return values;
  }
}
