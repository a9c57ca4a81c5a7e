package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkSizesTest {
  private static final Key KEY = Key.of(new byte[] {1}, 0);

  private final Arena arena = new Arena(new MemoryAccount(new BufferPool(64 << 20)));

  @AfterEach
  void giveBack() {
    arena.close();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void aChunkWithItsNode_hasRoomForTheRow_andFitsIntoASharedBlock(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int made = 0;
    for (int i = 0; i < 200_000; i++) {
      int rowBytes = 5 + random.nextInt(1 << random.nextInt(1, 15));
      int nodeBytes = 8 * (2 + random.nextInt(1 << random.nextInt(1, 14)));
      int before = random.nextInt(1 << random.nextInt(1, 20));
      int room = arena.room();

      int capacity = new ChunkSizes(arena, key -> before).withNode(KEY, nodeBytes, rowBytes);

      if (capacity != 0) {
        made++;
        int block = nodeBytes + Chunk.ROWS + capacity;
        assertThat(capacity)
            .as("row=%d, node=%d, before=%d, room=%d", rowBytes, nodeBytes, before, room)
            .isGreaterThanOrEqualTo(rowBytes);
        assertThat(capacity % 8).isZero();
        assertThat(block).isLessThanOrEqualTo(Arena.MAX_SHARED_BLOCK_BYTES);
      }
      arena.allocate(1 + random.nextInt(64));
    }
    assertThat(made).isGreaterThan(1_000);
  }

  @Test
  void aKeyThatHadFewRows_getsNoChunkWithItsNode() {
    assertThat(sizes(0).withNode(KEY, 24, 100)).isZero();
    assertThat(sizes(370).withNode(KEY, 24, 100)).isZero();
    assertThat(sizes(400).withNode(KEY, 24, 100)).isPositive();
  }

  @Test
  void aKeyTooLargeForASharedBlock_getsNoChunkWithItsNode() {
    assertThat(sizes(1 << 20).withNode(KEY, 40_000, 5)).isZero();
  }

  private ChunkSizes sizes(int before) {
    return new ChunkSizes(arena, key -> before);
  }
}
