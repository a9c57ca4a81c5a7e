package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.WindowIndex;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much a window holds beside what lives in it. */
class WindowMemoryTest {
  private static final byte[] NO_SUBKEY = new byte[0];

  private final MemoryAccount pool = new MemoryAccount(new BufferPool(256 << 20));
  private final MemtableWindow window =
      new MemtableWindow(0, 1 << 30, 0, KeyGroups.NONE, WindowIndex.KEY, pool, null);
  private final PendingRow row = new PendingRow();
  private final WriteMoment moment = new WriteMoment();
  private final Key key = key(1);

  @AfterEach
  void giveBack() {
    window.free();
  }

  /** What no row has taken yet of a slab is room, and no garbage for which to copy the window. */
  @Test
  void aWindowThatOnlyGrows_isNeverMostlyGarbage() {
    MemtableWindow timed =
        new MemtableWindow(0, 1 << 30, 0, KeyGroups.NONE, WindowIndex.KEY_AND_TIME, pool, null);
    try {
      byte[] value = new byte[100];
      for (int i = 0; i < 5_000; i++) {
        timed.append(key(i % 3_000), row.entry(i, value, 0, value.length), moment);
        assertThat(timed.isMostlyGarbage()).as("rows=%s, bytes=%s", i, timed.bytes()).isFalse();
        assertThat(timed.garbageBytes()).isLessThan(timed.bytes() / 2);
      }
    } finally {
      timed.free();
    }
  }

  @Test
  void aKeyThatIsEmptiedAndFilledAgain_staysSmall() {
    for (int i = 0; i < 1_000_000; i++) {
      window.removeRange(key, 0, 10, moment);
      append(0, 16);
      append(1, 16);
    }

    assertThat(window.bytes()).isLessThan(16 << 10);
    assertThat(window.rowCount()).isEqualTo(2);
  }

  @Test
  void aReaderLeftOpenBeforeEachAppend_costsAFewBytes() {
    int rows = 4_000;
    for (int i = 0; i < rows; i++) {
      readerComes(0);
      append(i, 16);
    }

    assertThat(window.bytes()).isLessThan(rows * 100L);
  }

  @Test
  void aHotKeyUnderRollingReaders_staysSmall() {
    for (int i = 0; i < 200_000; i++) {
      readerComes(moment.version());
      put(key, 100 + i % 7);
    }

    assertThat(window.bytes()).isLessThan(32 << 10);
    assertThat(window.heldBackBytes()).isLessThan(1 << 10);
  }

  @Test
  void aLargeRowThatIsReplaced_givesItsMemoryBack() {
    for (int i = 0; i < 200; i++) {
      put(key, (1 << 20) + i);
    }

    assertThat(window.bytes()).isLessThan(2 << 20);
  }

  @Test
  void aRowThatGetsOneByteLonger_takesLittleMore() {
    int keys = 2_000;
    for (int i = 0; i < keys; i++) {
      put(key(i), 1_000);
    }
    long before = window.bytes();
    for (int i = 0; i < keys; i++) {
      put(key(i), 1_001);
    }

    assertThat(window.bytes()).isLessThan(before + before / 8);
  }

  @Test
  void valuesOfRandomLength_areOverwrittenForEverInLittleMoreThanTheyTake() {
    SplittableRandom random = new SplittableRandom(1);
    int keys = 2_000;
    int[] lengths = new int[keys];
    for (int i = 0; i < 300_000; i++) {
      int number = random.nextInt(keys);
      lengths[number] = 1_000 + random.nextInt(9_000);
      put(key(number), lengths[number]);
    }
    long live = 0;
    for (int length : lengths) {
      live += length;
    }

    assertThat(window.bytes()).isLessThan(2 * live);
  }

  @Test
  void whatMostRowsHaveLeft_isTidiedInSmallSteps() {
    SplittableRandom random = new SplittableRandom(2);
    int keys = 30_000;
    long live = 0;
    for (int i = 0; i < keys; i++) {
      put(key(i), 100 + random.nextInt(400));
    }
    int kept = 0;
    for (int i = 0; i < keys; i++) {
      if (random.nextInt(5) > 0) {
        window.removeRange(key(i), 0, 0, moment);
      } else {
        int length = 100 + random.nextInt(400);
        put(key(i), length);
        live += length;
        kept++;
      }
    }
    assertThat(window.isWorthTidying()).isTrue();
    int steps = 0;
    while (window.isWorthTidying()) {
      window.tidy(moment, 100);
      steps++;
    }

    assertThat(steps).isGreaterThan(keys / 100);
    assertThat(window.keyCount()).isEqualTo(kept);
    assertThat(window.bytes()).isLessThan(2 * live);
  }

  @Test
  void aLargeRowBeforeOrBehindASmallOne_getsAChunkOfItsOwn() {
    putAt(5, 100);
    putAt(9, 100);
    putAt(7, 9_000);
    putAt(6, 9_000);
    putAt(1, 9_000);
    putAt(8, 9_000);

    assertThat(window.rowCount()).isEqualTo(6);
    assertThat(window.bytes()).isLessThan(128 << 10);
  }

  @Test
  void rowsOfOneKeyThatGetOneByteLonger_takeLittleMore() {
    int rows = 1_000;
    for (int i = 0; i < rows; i++) {
      putAt(i, 2_000);
    }
    long before = window.bytes();
    for (int i = 0; i < rows; i++) {
      putAt(i * 7 % rows, 2_001);
      if (window.isWorthTidying()) {
        window.tidy(moment, 1_024);
      }
    }

    assertThat(window.bytes()).isLessThan(before + before / 2);
  }

  @Test
  void rowsThatAreRemoved_callTheWriter() {
    int rows = 300;
    for (int i = 0; i < rows; i++) {
      putAt(i, 10_000);
    }
    int seenGrowths = pool.growths();
    for (int i = 0; i < rows; i++) {
      if (i % 20 > 0) {
        window.removeRange(key, i, i, moment);
      }
      if (pool.growths() != seenGrowths) {
        if (window.isWorthTidying()) {
          window.tidy(moment, 1_024);
        }
        seenGrowths = pool.growths();
      }
    }

    assertThat(window.bytes()).isLessThan(512 << 10);
  }

  @Test
  void keysThatComeAndGo_areForgotten() {
    for (int i = 0; i < 300_000; i++) {
      put(key(i), 20);
      window.removeRange(key(i - 1_000), 0, 0, moment);
      if (window.isWorthTidying()) {
        window.tidy(moment, 64);
      }
    }

    assertThat(window.keyCount()).isLessThan(4_000);
    assertThat(window.bytes()).isLessThan(512 << 10);
  }

  @Test
  void aReaderLeftOpen_seesItsRowsWhileTheyAreMovedAndHoldsNoMoreThanThem() {
    int keys = 5_000;
    for (int i = 0; i < keys; i++) {
      put(key(i), 100);
    }
    readerComes(0);
    long before = window.bytes();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < keys; i++) {
        put(key(i), 100 + i % 50);
        if (window.isWorthTidying()) {
          window.tidy(moment, 64);
        }
      }
    }

    for (int i = 0; i < keys; i++) {
      assertThat(window.rows().get(key(i), 0, 0, Span.of(NO_SUBKEY))).hasSize(100);
      assertThat(window.rows().get(key(i), 1, 0, Span.of(NO_SUBKEY))).hasSize(100 + i % 50);
    }
    assertThat(window.bytes()).isLessThan(4 * before);
  }

  @Test
  void whatWaitsForReaders_isCountedWithTheListOfIt() {
    int blocks = 50_000;
    for (int i = 0; i < blocks; i++) {
      readerComes(0);
      put(key, 20 + 40 * (i % 2));
    }

    assertThat(window.heldBackBytes()).isGreaterThan(blocks * 50L);
    assertThat(window.bytes()).isGreaterThan(window.blockBytes() + blocks * 12L);
    assertThat(pool.usedBytes()).isEqualTo(window.bytes());
  }

  @Test
  void theIndexOfALongChain_isCounted() {
    int subkeyBytes = 2_000;
    for (int i = 0; i < 4_000; i++) {
      byte[] subkey = ByteBuffer.allocate(subkeyBytes).putInt(i * 7 % 4_000).array();
      window.put(key, row.mapEntry(0, Span.of(subkey), new byte[0], 0, 0), moment);
    }
    long full = window.bytes();

    assertThat(full).isGreaterThan(window.blockBytes() + 1_000L * subkeyBytes);
    assertThat(pool.usedBytes()).isEqualTo(full);

    window.removeRange(key, 0, 0, moment);

    assertThat(window.bytes()).isLessThan(512 << 10);
  }

  private void readerComes(long oldest) {
    moment.withReaders(oldest, moment.version());
    moment.atVersion(moment.version() + 1);
  }

  private void append(long time, int length) {
    window.append(key, row.entry(time, new byte[length], 0, length), moment);
  }

  private void putAt(long time, int length) {
    window.put(key, row.mapEntry(time, Span.of(NO_SUBKEY), new byte[length], 0, length), moment);
  }

  private void put(Key to, int length) {
    window.put(to, row.mapEntry(0, Span.of(NO_SUBKEY), new byte[length], 0, length), moment);
  }

  private static Key key(int number) {
    return Key.of(ByteBuffer.allocate(4).putInt(number).array(), 0);
  }
}
