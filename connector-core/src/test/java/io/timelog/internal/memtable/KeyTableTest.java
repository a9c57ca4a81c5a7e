package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How hashes lead to nodes while tables grow, split, shrink and move. */
class KeyTableTest {
  private final WriteMoment moment = new WriteMoment();
  private MemoryAccount pool = new MemoryAccount(new BufferPool(64 << 20));
  private Arena arena = new Arena(pool);
  private Reclamation readers = new Reclamation(0, arena, pool);

  private void within(int budgetBytes) {
    pool = new MemoryAccount(new BufferPool(budgetBytes));
    arena = new Arena(pool);
    readers = new Reclamation(0, arena, pool);
  }

  private KeyTable table(int expectedKeys) {
    readers.begin(moment);
    return new KeyTable(arena, readers, pool, expectedKeys);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 5_000, 100_000})
  void whatComesGoesAndMoves_isFoundAsInAMap(int expectedKeys) {
    KeyTable table = table(expectedKeys);
    Map<Integer, Integer> model = new HashMap<>();
    SplittableRandom random = new SplittableRandom(expectedKeys);
    int node = 1;
    for (int round = 0; round < 60; round++) {
      moveOn(random);
      for (int i = random.nextInt(6_000); i >= 0; i--) {
        int hash = random.nextInt();
        node++;
        if (model.putIfAbsent(hash, node) == null) {
          table.makeRoom(hash);
          table.insert(hash, node);
        }
      }
      arena.closeSparse(arena.bytes());
      node = walk(table, model, random, node);
      assertThat(table.size()).isEqualTo(model.size());
      model.forEach((hash, found) -> assertThat(table.first(hash)).isEqualTo(found));
      assertThat(table.first(random.nextInt())).isZero();
      assertThat(pool.usedBytes())
          .isEqualTo(arena.bytes() + table.heapBytes() + readers.heapBytes());
    }
    assertThat(table.references())
        .containsExactlyInAnyOrder(model.values().stream().mapToInt(i -> i).toArray());
    table.close();
    readers.close();
    arena.close();
    assertThat(pool.usedBytes()).isZero();
  }

  /** Removes some of the keys, and moves others; sometimes nearly all go. */
  private static int walk(
      KeyTable table, Map<Integer, Integer> model, SplittableRandom random, int lastNode) {
    Map<Integer, Integer> hashes = new HashMap<>();
    model.forEach((hash, node) -> hashes.put(node, hash));
    int node = lastNode;
    int keptOf = 2 + random.nextInt(20);
    int met = 0;
    KeyTable.Walk walk = table.walk();
    while (walk.advance()) {
      met++;
      Integer hash = hashes.get(walk.node());
      assertThat(hash).isNotNull();
      switch (random.nextInt(keptOf)) {
        case 0 -> {
          walk.remove();
          model.remove(hash);
        }
        case 1 -> {
          node++;
          walk.move(node);
          model.put(hash, node);
        }
        default -> {}
      }
    }
    assertThat(met).isEqualTo(hashes.size());
    return node;
  }

  /** Readers come, stay or go. */
  private void moveOn(SplittableRandom random) {
    long version = moment.version();
    switch (random.nextInt(3)) {
      case 0 -> moment.withReaders(WriteMoment.NO_OLDEST, WriteMoment.NO_NEWEST);
      case 1 -> moment.atVersion(version + 1).withReaders(Math.max(0, version - 3), version);
      default -> {}
    }
    readers.begin(moment);
  }

  @Test
  void whatTheWriterFoundLast_isForgottenWhenTheKeyMovesOrGoes() {
    KeyTable table = table(0);
    table.makeRoom(7);
    table.insert(7, 70);
    KeyTable.Walk walk = table.walk();
    assertThat(walk.advance()).isTrue();

    table.noteRecent(7, 70);
    assertThat(table.recent(7)).isEqualTo(70);
    assertThat(table.recent(8)).isZero();
    walk.move(71);
    assertThat(table.recent(7)).isZero();

    table.noteRecent(7, 71);
    walk.remove();
    assertThat(table.recent(7)).isZero();
    arena.close();
  }

  @Test
  void slots_areNotOnTheHeap() {
    KeyTable table = table(0);
    fill(table, 200_000);

    assertThat(table.heapBytes()).isLessThan(200_000 * Long.BYTES / 100);
    assertThat(arena.liveBytes()).isBetween(200_000L * Long.BYTES, 400_000L * Long.BYTES);
    arena.close();
  }

  @Test
  void aTableThatAReaderMaySee_isKeptForIt() {
    KeyTable table = table(0);
    moment.atVersion(1).withReaders(0, 0);
    readers.begin(moment);
    fill(table, 20_000);
    assertThat(readers.waitingBytes()).isGreaterThan(10_000);

    moment.withReaders(WriteMoment.NO_OLDEST, WriteMoment.NO_NEWEST);
    readers.begin(moment);
    assertThat(readers.waitingBytes()).isZero();
    arena.close();
  }

  @Test
  void aKeyForWhichThereIsNoRoom_changesNothing() {
    within(1 << 20);
    KeyTable table = table(0);
    assertThatThrownBy(() -> fill(table, 1_000_000))
        .isInstanceOf(MemoryBudgetExceededException.class);

    int keys = table.size();
    long live = arena.liveBytes();
    long heap = table.heapBytes();
    for (int i = 0; i < keys; i++) {
      assertThat(table.first(hash(i))).isEqualTo(i + 2);
    }
    int refused = hash(keys);
    assertThatThrownBy(() -> table.makeRoom(refused))
        .isInstanceOf(MemoryBudgetExceededException.class);
    assertThat(table.first(refused)).isZero();
    assertThat(arena.liveBytes()).isEqualTo(live);
    assertThat(table.heapBytes()).isEqualTo(heap);
    arena.close();
  }

  @Test
  void keysThatComeAndGoWithoutReaders_needNoMemory() {
    KeyTable table = table(1_000);
    long live = arena.liveBytes();
    for (int i = 0; i < 100_000; i++) {
      int hash = hash(i);
      assertThat(table.sharedBytesForOneMore(hash)).isZero();
      table.makeRoom(hash);
      table.insert(hash, 5);
      if (table.size() == 300) {
        removeAll(table);
      }
    }
    assertThat(arena.liveBytes()).isEqualTo(live);
    arena.close();
  }

  /** Without the end of the walk, where tables shrink. */
  private static void removeAll(KeyTable table) {
    KeyTable.Walk walk = table.walk();
    for (int i = table.size(); i > 0; i--) {
      assertThat(walk.advance()).isTrue();
      walk.remove();
    }
  }

  private static void fill(KeyTable table, int keys) {
    for (int i = 0; i < keys; i++) {
      int hash = hash(i);
      table.makeRoom(hash);
      table.insert(hash, i + 2);
    }
  }

  /** Different for all numbers, and scattered. */
  private static int hash(int number) {
    return number * 0x9E37_79B9;
  }
}
