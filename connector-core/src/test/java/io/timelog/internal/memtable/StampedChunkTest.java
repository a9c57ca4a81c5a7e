package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.WindowIndex;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A chunk that got rows while a reader saw it is changed when that reader has left. */
final class StampedChunkTest {
  private static final Span NO_SUBKEY = Span.of(new byte[0]);
  private static final int ROWS = 200;
  private static final int BEHIND_THE_MIDDLE = 110;

  /** With it a row takes 112 bytes, so that words of values lie where stamps may. */
  private static final int VALUE_BYTES = 105;

  private final MemoryAccount pool = new MemoryAccount(new BufferPool(256 << 20));
  private final MemtableWindow before = window(null);
  private final MemtableWindow window;
  private final PendingRow row = new PendingRow();
  private final WriteMoment moment = new WriteMoment();
  private final Key key = Key.of(new byte[] {1}, 0);

  StampedChunkTest() {
    // So that the key gets one chunk for all its rows.
    put(before, 0, ROWS);
    window = window(before);
  }

  @AfterEach
  void giveBack() {
    before.free();
    window.free();
  }

  private MemtableWindow window(MemtableWindow predecessor) {
    return new MemtableWindow(0, 999, 0, KeyGroups.NONE, WindowIndex.KEY, pool, predecessor);
  }

  private void put(MemtableWindow to, int from, int end) {
    byte[] value = new byte[VALUE_BYTES];
    for (int i = 0; i < VALUE_BYTES; i++) {
      // As a stamp each word would hide all rows from everybody.
      value[i] = (byte) ((i + 7) % 8 < 4 ? 0xFF : 0x7F);
    }
    for (int time = from; time < end; time++) {
      to.put(key, row.mapEntry(time, NO_SUBKEY, value, 0, value.length), moment);
    }
  }

  private void readerComes() {
    moment.withReaders(moment.version(), moment.version()).atVersion(moment.version() + 1);
  }

  private void readerLeaves() {
    moment.withReaders(WriteMoment.NO_OLDEST, WriteMoment.NO_NEWEST);
  }

  private int count() {
    RowCursor found = window.rows().find(key, moment.version(), 0, 999);
    int count = 0;
    while (found != null && found.advance()) {
      count++;
    }
    return count;
  }

  /** The chunk is split, twice, and its end is given back, where its stamp was. */
  @Test
  void removalFromTheMiddleOfALongChunk_leavesTheOtherRows() {
    put(window, 0, ROWS / 2);
    readerComes();
    put(window, ROWS / 2, ROWS);
    readerLeaves();

    window.remove(key, row.pointTombstone(BEHIND_THE_MIDDLE, NO_SUBKEY), moment);

    assertThat(count()).isEqualTo(ROWS - 1);
  }
}
