package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the slots of removed keys. */
class SlotTableTest {
  private static final int SLOTS = 64;

  private final Arena arena = new Arena(new MemoryAccount(new BufferPool(1 << 20)));
  private final SlotTable table = new SlotTable(arena, SLOTS, 0);
  private final Map<Integer, Integer> model = new HashMap<>();
  private int nodes = 1;

  private void insert(int hash) {
    nodes++;
    if (model.putIfAbsent(hash, nodes) == null) {
      table.insert(hash, nodes);
    }
  }

  /** Removes the keys whose slots are in front of a place. */
  private void removeUpTo(int end) {
    for (int place = table.nextKey(0); place < end; place = table.nextKey(place + 1)) {
      int node = table.node(place);
      model.values().remove(node);
      table.remove(place);
    }
  }

  private void requireSameAsModel() {
    assertThat(table.keys()).isEqualTo(model.size());
    model.forEach((hash, node) -> assertThat(first(hash)).isEqualTo(node));
  }

  private int first(int hash) {
    return SlotTable.first(table.buffer(), table.start(), table.slots(), hash);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void keysThatComeAndGo_areFoundAsInAMap_andLeaveNoSlotTaken(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 500; round++) {
      while (table.hasRoom() && random.nextInt(8) != 0) {
        insert(random.nextInt());
      }
      requireSameAsModel();
      removeUpTo(random.nextInt(SLOTS + 1));
      requireSameAsModel();
      assertThat(first(random.nextInt())).isZero();
    }

    removeUpTo(SLOTS);

    assertThat(table.keys()).isZero();
    assertThat(table.taken()).isZero();
  }

  @Test
  void slotOfARemovedKey_isKeptAlive_onlyForTheKeysBehindIt() {
    int hash = 7 << 20;
    insert(hash);
    insert(hash + 1);
    int first = table.nextKey(0);

    table.remove(first);

    assertThat(first(hash + 1)).isEqualTo(model.get(hash + 1));
    assertThat(table.taken()).isEqualTo(2);

    table.remove(first + 1);

    assertThat(table.taken()).isZero();
  }
}
