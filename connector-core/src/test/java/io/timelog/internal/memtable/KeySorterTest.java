package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.WindowIndex;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys come in the order of their bytes, whatever they have in common. */
class KeySorterTest {
  private static final long LAST = 9_999;
  private static final byte[] VALUE = new byte[8];

  private final MemoryAccount pool = new MemoryAccount(new BufferPool(64 << 20));
  private final MemtableWindow window =
      new MemtableWindow(0, LAST, 0, KeyGroups.NONE, WindowIndex.KEY_AND_TIME, pool, null);
  private final PendingRow row = new PendingRow();
  private final TreeSet<byte[]> expected = new TreeSet<>(Arrays::compareUnsigned);
  private int written;

  @AfterEach
  void giveBack() {
    window.free();
  }

  @ParameterizedTest(name = "seed={0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void keysOfFewBytesThatOftenAreZero(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] alphabet = {0, 0, 1, -1};
    for (int i = 0; i < 2_000; i++) {
      byte[] key = new byte[random.nextInt(20)];
      for (int j = 0; j < key.length; j++) {
        key[j] = alphabet[random.nextInt(alphabet.length)];
      }
      add(key);
    }

    assertInOrder();
  }

  @Test
  void keysWithALongBeginningInCommon() {
    for (int i = 0; i < 500; i++) {
      add(ByteBuffer.allocate(64).putInt(60, i * 0x9E3779B9).array());
    }

    assertInOrder();
  }

  @Test
  void keysOfZerosDifferInLengthOnly() {
    for (int length = 0; length < 100; length++) {
      add(new byte[length]);
    }

    assertInOrder();
  }

  @Test
  void eachKeyIsTheBeginningOfTheNext() {
    byte[] longest = new byte[300];
    new SplittableRandom(1).nextBytes(longest);
    for (int length = longest.length; length >= 0; length--) {
      add(Arrays.copyOf(longest, length));
    }

    assertInOrder();
  }

  @Test
  void keysThatDifferInTheLowestBitsOfEightBytes() {
    // More keys than there are values of the bits that the numbers of keys leave of a word.
    for (int i = 0; i < 5_000; i++) {
      add(ByteBuffer.allocate(9).putLong(i % 2 == 0 ? i : i | Long.MIN_VALUE).array());
    }

    assertInOrder();
  }

  @Test
  void aKeyWithManyRowsInTheRangeComesOnce() {
    for (int i = 0; i < 100; i++) {
      add(new byte[] {1, (byte) i});
    }
    for (int i = 0; i < 40; i++) {
      add(new byte[] {2});
    }

    assertInOrder();
    // Fewer rows than there are keys, so that they are found by time.
    expected.headSet(new byte[] {1, 60}).clear();
    KeyCursor some = window.rows().keys(0, 0, Integer.MAX_VALUE, 60, LAST - 1);
    assertThat(keys(some)).usingElementComparator(Arrays::compareUnsigned).isEqualTo(inOrder());
  }

  private void add(byte[] key) {
    row.mapEntry(written++, Span.of(key), VALUE, 0, VALUE.length);
    window.put(Key.of(key, 0), row, new WriteMoment());
    expected.add(key);
  }

  private void assertInOrder() {
    // Short of the window, so that keys are found by time, one for each row, if they are few.
    KeyCursor some = window.rows().keys(0, 0, Integer.MAX_VALUE, 0, LAST - 1);
    assertThat(keys(some)).usingElementComparator(Arrays::compareUnsigned).isEqualTo(inOrder());
    KeyCursor all = window.rows().keys(0, 0, Integer.MAX_VALUE, 0, LAST);
    assertThat(keys(all)).usingElementComparator(Arrays::compareUnsigned).isEqualTo(inOrder());
    List<byte[]> reverse = inOrder();
    Collections.reverse(reverse);
    KeyCursor backward = window.rows().keys(0, 0, Integer.MAX_VALUE, 0, LAST, Direction.BACKWARD);
    assertThat(keys(backward)).usingElementComparator(Arrays::compareUnsigned).isEqualTo(reverse);
  }

  private List<byte[]> inOrder() {
    return new ArrayList<>(expected);
  }

  private static List<byte[]> keys(KeyCursor cursor) {
    List<byte[]> found = new ArrayList<>();
    while (cursor.advance()) {
      byte[] key = new byte[cursor.keyLength()];
      cursor.keyBuffer().get(cursor.keyOffset(), key);
      found.add(key);
    }
    return found;
  }
}
