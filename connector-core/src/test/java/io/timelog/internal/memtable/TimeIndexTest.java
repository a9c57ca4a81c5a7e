package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.MemoryBudget;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.SlabPool;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeIndexTest {
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private final Arena arena = new Arena(new SlabPool(MemoryBudget.ofBytes(64 << 20)));

  @AfterEach
  void giveBack() {
    arena.close();
  }

  @Test
  void findsNothingWhereNothingIs() {
    TimeIndex index = new TimeIndex(arena, 0, 999);

    assertThat(index.nodes(0, 999, NO_LIMIT)).isEmpty();
    assertThat(index.size()).isZero();
  }

  @Test
  void findsTheNodesOfRandomTimesAsAMapDoes() {
    SplittableRandom random = new SplittableRandom(7);
    TimeIndex index = new TimeIndex(arena, -5_000, 4_999);
    TreeMap<Long, Integer> expected = new TreeMap<>();
    for (int node = 1; node <= 5_000; node++) {
      long time = random.nextLong(-5_000, 5_000);
      if (expected.putIfAbsent(time, node) == null) {
        add(index, node, time);
      }
    }

    for (int i = 0; i < 200; i++) {
      long first = random.nextLong(-5_000, 5_000);
      long last = random.nextLong(first, 5_000);
      assertThat(index.nodes(first, last, NO_LIMIT))
          .containsExactlyInAnyOrder(ints(expected.subMap(first, true, last, true)));
    }
    index.sort();
    assertThat(index.size()).isEqualTo(expected.size());
    assertThat(index.nodes(-100, 100, NO_LIMIT))
        .containsExactlyInAnyOrder(ints(expected.subMap(-100L, true, 100L, true)));
    add(index, 9_999, 3);
    assertThat(index.nodes(3, 3, NO_LIMIT)).contains(9_999);
  }

  private static int[] ints(java.util.SortedMap<Long, Integer> nodes) {
    return nodes.values().stream().mapToInt(Integer::intValue).toArray();
  }

  @Test
  void givesUpBeyondTheLimit() {
    TimeIndex index = new TimeIndex(arena, 0, 99_999);
    IntStream.range(1, 1_001).forEach(node -> add(index, node, node));

    assertThat(index.nodes(1, 1_000, 999)).isNull();
    assertThat(index.nodes(1, 1_000, 1_000)).hasSize(1_000);
    assertThat(index.nodes(1, 1, 0)).isNull();
  }

  @Test
  void keepsApartWhatItCanInAWindowOfAllTime() {
    TimeIndex index = new TimeIndex(arena, Long.MIN_VALUE, Long.MAX_VALUE);
    add(index, 1, Long.MIN_VALUE);
    add(index, 2, 0);
    add(index, 3, Long.MAX_VALUE);

    assertThat(index.nodes(Long.MIN_VALUE, -(1L << 40), NO_LIMIT)).containsExactly(1);
    assertThat(index.nodes(-1, 1, NO_LIMIT)).containsExactly(2);
    assertThat(index.nodes(1L << 40, Long.MAX_VALUE, NO_LIMIT)).containsExactly(3);
  }

  @Test
  void saysWhatTheNextRowMayTake() {
    TimeIndex index = new TimeIndex(arena, 0, 99);
    assertThat(index.bytesForOneMore()).isEqualTo(TimeIndex.bytesForNew());

    index.makeRoom();
    assertThat(index.bytesForOneMore()).isZero();
    index.add(1, 5);
    assertThat(index.bytesForOneMore()).isZero();
  }

  private static void add(TimeIndex index, int node, long time) {
    index.makeRoom();
    index.add(node, time);
  }
}
