package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.WindowIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the index says a row was written, and what becomes of that. */
class TimeIndexedRowsTest {
  private static final long LAST = 9_999;
  private static final byte[] VALUE = new byte[40];
  private static final byte[] NO_SUBKEY = new byte[0];

  private final MemoryAccount pool = new MemoryAccount(new BufferPool(64 << 20));
  private final MemtableWindow window =
      new MemtableWindow(0, LAST, 0, KeyGroups.NONE, WindowIndex.KEY_AND_TIME, pool, null);
  private final Key key = Key.of(new byte[] {1}, 0);
  private final PendingRow row = new PendingRow();

  @AfterEach
  void giveBack() {
    window.free();
  }

  @Test
  void aRowIsFoundWhereItWasWritten() {
    for (long time = 0; time < 500; time++) {
      put(time, VALUE);
    }

    for (long time = 0; time < 500; time++) {
      assertThat(times(0, time, time)).containsExactly(time);
      assertThat(timesBackward(0, time, time)).containsExactly(time);
    }
  }

  @Test
  void severalRowsOfARange_areAllFound() {
    for (long time = 0; time < 500; time++) {
      put(time, VALUE);
    }

    assertThat(times(0, 100, 102)).containsExactly(100L, 101L, 102L);
    assertThat(timesBackward(0, 100, 102)).containsExactly(102L, 101L, 100L);
  }

  @Test
  void aRowThatALateOneMoved_isFound() {
    for (long time = 0; time < 500; time += 5) {
      put(time, VALUE);
    }

    put(7, VALUE);

    assertThat(times(0, 7, 7)).containsExactly(7L);
    assertThat(times(0, 8, 11)).containsExactly(10L);
    assertThat(times(0, 11, 14)).isEmpty();
    assertThat(timesBackward(0, 8, 11)).containsExactly(10L);
  }

  @Test
  void aRowBehindOneThatWasRemoved_isFound() {
    for (long time = 0; time < 500; time += 5) {
      put(time, VALUE);
    }

    remove(100);

    assertThat(times(0, 100, 100)).isEmpty();
    assertThat(times(0, 105, 105)).containsExactly(105L);
    assertThat(times(0, 495, 495)).containsExactly(495L);
  }

  @Test
  void rowsOfDifferentSizes_areFound() {
    for (int time = 0; time < 500; time++) {
      put(time, new byte[time % 7]);
    }

    for (long time = 0; time < 500; time++) {
      assertThat(times(0, time, time)).containsExactly(time);
    }
  }

  @Test
  void aReaderSeesNoRowThatCameLater_andTheRowsThatWereThere() {
    for (long time = 0; time < 100; time++) {
      put(time, VALUE);
    }

    // A reader of version 3 is open: what it sees is left as it is.
    for (long time = 100; time < 200; time++) {
      row.mapEntry(time, Span.of(NO_SUBKEY), VALUE, 0, VALUE.length);
      window.put(key, row, new WriteMoment().atVersion(4).withReaders(3, 3));
    }
    row.mapEntry(50, Span.of(NO_SUBKEY), VALUE, 0, VALUE.length);
    window.remove(key, row, new WriteMoment().atVersion(5).withReaders(3, 3));

    assertThat(times(3, 150, 150)).isEmpty();
    assertThat(times(4, 150, 150)).containsExactly(150L);
    assertThat(times(3, 50, 50)).containsExactly(50L);
    assertThat(times(5, 50, 50)).isEmpty();
    assertThat(times(5, 51, 51)).containsExactly(51L);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void rowsThatComeAndGoInAnyOrder_areFoundAsInASet(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TreeSet<Long> expected = new TreeSet<>();
    int disorder = 1 + random.nextInt(200);
    for (int i = 0; i < 3_000; i++) {
      long time = Math.max(0, Math.min(LAST, 2L * i - random.nextInt(disorder)));
      if (random.nextInt(10) == 0) {
        remove(time);
        expected.remove(time);
      } else {
        put(time, VALUE);
        expected.add(time);
      }
      long from = Math.max(0, time - random.nextInt(100));
      long to = Math.min(LAST, from + random.nextInt(6));
      List<Long> inRange = new ArrayList<>(expected.subSet(from, true, to, true));
      assertThat(times(0, from, to)).isEqualTo(inRange);
      Collections.reverse(inRange);
      assertThat(timesBackward(0, from, to)).isEqualTo(inRange);
    }
  }

  private void put(long time, byte[] value) {
    row.mapEntry(time, Span.of(NO_SUBKEY), value, 0, value.length);
    window.put(key, row, new WriteMoment());
  }

  private void remove(long time) {
    row.mapEntry(time, Span.of(NO_SUBKEY), VALUE, 0, 0);
    window.remove(key, row, new WriteMoment());
  }

  private List<Long> times(long version, long from, long to) {
    List<Long> found = new ArrayList<>();
    KeyCursor keys = window.rows().keys(version, 0, Integer.MAX_VALUE, from, to);
    while (keys.advance()) {
      collect(keys.rows(from, to), found);
    }
    return found;
  }

  private List<Long> timesBackward(long version, long from, long to) {
    List<Long> found = new ArrayList<>();
    KeyCursor keys =
        window.rows().keys(version, 0, Integer.MAX_VALUE, from, to, Direction.BACKWARD);
    while (keys.advance()) {
      collect(keys.rows(from, to, Direction.BACKWARD), found);
    }
    return found;
  }

  private static void collect(RowCursor rows, List<Long> into) {
    while (rows.advance()) {
      into.add(rows.timestamp());
      assertThat(rows.isTombstone()).isFalse();
    }
  }
}
