package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Indexes come, go and move from node to node, in any order. */
final class ChunkIndexesTest {
  private static final int NODES = 20_000;
  private static final int STEPS = 200_000;

  @Test
  void indexes_areFoundByTheirNodes() {
    ChunkIndexes indexes = new ChunkIndexes(new MemoryAccount(new BufferPool(64 << 20)));
    Map<Integer, ChunkIndex> expected = new HashMap<>();
    SplittableRandom random = new SplittableRandom(1);

    for (int i = 0; i < STEPS; i++) {
      int node = 1 + random.nextInt(NODES);
      int other = 1 + random.nextInt(NODES);
      if (!expected.containsKey(node)) {
        ChunkIndex index = index(node);
        indexes.add(node, index);
        expected.put(node, index);
      } else if (random.nextBoolean() || expected.containsKey(other)) {
        indexes.remove(node);
        expected.remove(node);
      } else {
        indexes.move(node, other);
        expected.put(other, expected.remove(node));
      }
    }

    for (int node = 1; node <= NODES; node++) {
      assertThat(indexes.of(node)).isSameAs(expected.get(node));
    }
    expected.keySet().forEach(indexes::remove);
    assertThat(indexes.isEmpty()).isTrue();
  }

  private static ChunkIndex index(int chunk) {
    return new ChunkIndex(0, new int[] {chunk}, new long[] {chunk}, new byte[][] {null});
  }
}
