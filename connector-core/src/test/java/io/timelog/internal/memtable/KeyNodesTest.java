package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.key.KeyHash;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.WindowIndex;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the keys of a window are found. */
class KeyNodesTest {
  private static final byte[] NO_SUBKEY = new byte[0];

  private final MemoryAccount pool = new MemoryAccount(new BufferPool(64 << 20));
  private final WriteMoment moment = new WriteMoment();
  private final PendingRow row = new PendingRow();
  private MemtableWindow window = window(KeyGroups.NONE);

  @AfterEach
  void giveBack() {
    window.free();
    assertThat(pool.allocatedBytes()).isEqualTo(pool.pooledBytes());
  }

  private MemtableWindow window(KeyGroups groups) {
    return new MemtableWindow(0, 9, 0, groups, WindowIndex.KEY, pool, null);
  }

  @Test
  void keysOfOneHash_areFoundLikeOthers() {
    int keys = 20_000;
    for (int i = 0; i < keys; i++) {
      put(colliding(i), 10);
    }
    assertThat(colliding(1).hash()).isEqualTo(colliding(keys - 1).hash());
    for (int i = 0; i < keys; i++) {
      assertThat(window.rows().get(colliding(i), 0, 0, Span.of(NO_SUBKEY))).hasSize(10);
    }
    assertThat(window.rows().get(colliding(keys), 0, 0, Span.of(NO_SUBKEY))).isNull();
    assertThat(window.keyCount()).isEqualTo(keys);

    for (int i = 0; i < keys; i += 2) {
      window.removeRange(colliding(i), 0, 9, moment);
    }
    while (window.tidy(moment, 100)) {
      assertThat(window.rowCount()).isEqualTo(keys / 2);
    }
    assertThat(window.keyCount()).isEqualTo(keys / 2);
    for (int i = 0; i < keys; i++) {
      assertThat(window.rows().get(colliding(i), 0, 0, Span.of(NO_SUBKEY)) != null)
          .isEqualTo(i % 2 == 1);
    }
  }

  @Test
  void aScanOfOneKeyGroup_looksAtItsKeysOnly() {
    Arena arena = new Arena(pool);
    Reclamation readers = new Reclamation(0, arena, pool);
    readers.begin(moment);
    KeyNodes nodes = new KeyNodes(arena, readers, KeyGroups.FIRST_TWO_BYTES, pool, 0);
    for (int i = 0; i < 10_000; i++) {
      Key key = Key.of(ByteBuffer.allocate(8).putShort((short) (i % 100)).putInt(i).array(), 0);
      nodes.insert(key, i + 1, nodes.makeRoom(key));
    }

    assertThat(nodes.references(7, 7)).hasSize(100);
    assertThat(nodes.references(90, 99)).hasSize(1_000);
    assertThat(nodes.references()).hasSize(10_000);
    nodes.close();
    arena.close();
  }

  @Test
  void keysOfAGroup_areAllScanned() {
    window.free();
    window = window(KeyGroups.FIRST_BYTE);
    for (int i = 0; i < 2_560; i++) {
      put(Key.of(ByteBuffer.allocate(5).put((byte) i).putInt(i).array(), i & 0xFF), 1);
    }
    for (int group = 0; group < 256; group++) {
      KeyCursor keys = window.rows().keys(0, group, group, 0, 9);
      int count = 0;
      while (keys.advance()) {
        assertThat(keys.group()).isEqualTo(group);
        count++;
      }
      assertThat(count).isEqualTo(10);
    }
  }

  private void put(Key key, int length) {
    window.put(key, row.mapEntry(0, Span.of(NO_SUBKEY), new byte[length], 0, length), moment);
  }

  /** A key of eight bytes: the hash of such a key can be calculated backwards. */
  private static Key colliding(int number) {
    long multiplier = 0x9E3779B97F4A7C15L;
    long state = 0x1234_5678L << 32 | number;
    state ^= state >>> 33;
    state *= inverse(0xc4ceb9fe1a85ec53L);
    state ^= state >>> 33;
    state *= inverse(0xff51afd7ed558ccdL);
    state ^= state >>> 33;
    state ^= state >>> 32;
    long word = state * inverse(multiplier) ^ (8 * multiplier);
    byte[] bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(word).array();
    assertThat(KeyHash.hash32(bytes, 0, 8)).isEqualTo(0x1234_5678);
    return Key.of(bytes, 0);
  }

  private static long inverse(long odd) {
    long inverse = odd;
    for (int i = 0; i < 6; i++) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }
}
