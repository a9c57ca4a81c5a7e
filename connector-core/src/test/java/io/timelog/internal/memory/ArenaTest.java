package io.timelog.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudgetExceededException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArenaTest {
  private final BufferPool pool = new BufferPool(256L << 20);
  private final MemoryAccount account = new MemoryAccount(pool);
  private final Arena arena = new Arena(account);

  /** A block in use, all of which has one content. */
  private record Block(int reference, int bytes, byte content) {}

  @AfterEach
  void nothingIsLeft() {
    arena.close();
    assertThat(arena.bytes()).isZero();
    assertThat(account.usedBytes()).isZero();
  }

  @ParameterizedTest(name = "blocks of up to {0} bytes")
  @ValueSource(ints = {16, 200, 3_000, 100_000})
  void blocksInUse_keepTheirContent_whateverIsFreedBesideThem(int most) {
    SplittableRandom random = new SplittableRandom(most);
    List<Block> blocks = new ArrayList<>();
    long live = 0;
    int target = Math.max(20, 4_000_000 / most / 4);
    for (int i = 0; i < 30_000 / (1 + most / 10_000); i++) {
      boolean grow = blocks.size() < target ? random.nextInt(3) > 0 : random.nextInt(3) == 0;
      if (grow || blocks.isEmpty()) {
        Block block = allocate(1 + random.nextInt(most), (byte) i);
        live += block.bytes;
        blocks.add(block);
      } else {
        Block block = blocks.remove(random.nextInt(blocks.size()));
        check(block);
        arena.free(block.reference, block.bytes);
        live -= block.bytes;
      }
      assertThat(arena.liveBytes()).isEqualTo(live);
    }
    blocks.forEach(this::check);
    assertThat(account.usedBytes()).isEqualTo(arena.bytes());
    assertThat(arena.bytes()).isGreaterThanOrEqualTo(live);

    blocks.forEach(block -> arena.free(block.reference, block.bytes));
    assertThat(arena.liveBytes()).isZero();
    // The slab that blocks are cut from is kept.
    assertThat(arena.bytes()).isLessThanOrEqualTo(account.maxSlabBytes());
  }

  @Test
  void fewBlocks_takeASmallSlab() {
    arena.allocate(20);

    assertThat(arena.bytes()).isEqualTo(MemoryAccount.firstSlabBytes());
  }

  @Test
  void largeBlock_hasASlabOfItsOwn_whichGoesBackWithIt() {
    arena.allocate(100);
    long before = arena.bytes();
    int size = Arena.MAX_SHARED_BLOCK_BYTES + 1;

    int large = arena.allocate(size);

    assertThat(arena.hasOwnSlab(large)).isTrue();
    assertThat(arena.bytes() - before).isBetween((long) size, size + size / 8L);
    arena.free(large, Arena.blockBytes(size));
    assertThat(arena.bytes()).isEqualTo(before);
  }

  @Test
  void freeBlock_isUsedAgainForOneOfItsSize() {
    int first = arena.allocate(40);
    arena.allocate(40);
    arena.free(first, Arena.blockBytes(40));

    assertThat(arena.allocate(33)).isEqualTo(first);
    assertThat(arena.freeBytes()).isLessThan(16);
  }

  @Test
  void partOfABlock_canBeFreed() {
    int block = arena.allocate(64);
    arena.free(Arena.within(block, 32), 32);

    assertThat(arena.liveBytes()).isEqualTo(32);
    assertThat(arena.allocate(32)).isEqualTo(Arena.within(block, 32));
  }

  @Test
  void largerFreeBlock_isCut_beforeAnotherSlabIsTaken() {
    List<Integer> blocks = new ArrayList<>();
    while (arena.bytes() == 0 || arena.uncutBytes() >= 496) {
      blocks.add(arena.allocate(496));
    }
    long before = arena.bytes();
    arena.free(blocks.get(0), 496);

    for (int i = 0; i < 496 / 16; i++) {
      arena.allocate(16);
    }

    assertThat(arena.bytes()).isEqualTo(before);
  }

  @Test
  void whatABlockTakes_isLittleMoreThanItsSize() {
    for (int size = 1; size < 1 << 20; size += 1 + size / 50) {
      int bytes = Arena.blockBytes(size);
      assertThat(bytes).isBetween(size, size + Math.max(16, size / 8));
      // Its owner may use all of it, so that is what it takes.
      assertThat(Arena.blockBytes(bytes)).as("size %d", size).isEqualTo(bytes);
    }
  }

  @Test
  void sparseSlabs_areClosed_andGoBackWhenTheirBlocksHaveMoved() {
    List<Integer> blocks = new ArrayList<>();
    for (int i = 0; i < 40_000; i++) {
      blocks.add(arena.allocate(64));
    }
    long full = arena.bytes();
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      if (i % 10 == 0) {
        kept.add(blocks.get(i));
      } else {
        arena.free(blocks.get(i), 64);
      }
    }
    assertThat(arena.bytes()).isEqualTo(full);

    assertThat(arena.closeSparse(Long.MAX_VALUE)).isPositive();
    for (int block : kept) {
      if (arena.isToBeMoved(block)) {
        assertThat(arena.isToBeMoved(arena.allocate(64))).isFalse();
        arena.free(block, 64);
      }
    }

    assertThat(arena.bytes()).isLessThan(full / 4);
    assertThat(arena.liveBytes()).isEqualTo(kept.size() * 64L);
  }

  /** Blocks as large as these find no free ones, whatever is free in all. */
  @Test
  void whatSurelyFits_isEmptied_withTwoSlabsToSpare() {
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      int small = arena.allocate(8_000);
      int large = arena.allocate(12_000);
      arena.free(small, Arena.blockBytes(8_000));
      if (i % 40 == 0) {
        kept.add(large);
      } else if (i % 2 == 0) {
        arena.free(large, Arena.blockBytes(12_000));
      } else {
        kept.add(large);
      }
    }
    pool.trim();
    MemoryAccount others = new MemoryAccount(pool);
    others.reserveHeap(pool.availableBytes() - 2L * MemoryAccount.MAX_SLAB_BYTES);
    long before = arena.bytes();

    while (arena.closeWhatSurelyFits(before / 16)) {
      long held = arena.bytes();
      kept.replaceAll(this::moved);
      assertThat(arena.bytes()).isLessThan(held);
    }

    assertThat(arena.liveBytes()).isEqualTo((long) kept.size() * Arena.blockBytes(12_000));
    assertThat(arena.bytes()).isLessThan(arena.liveBytes() * 4 / 3);
  }

  private int moved(int block) {
    if (!arena.isToBeMoved(block)) {
      return block;
    }
    int other = arena.allocate(12_000);
    arena.free(block, Arena.blockBytes(12_000));
    return other;
  }

  @Test
  void slabsThatAreNearlyFull_areNotClosed() {
    for (int i = 0; i < 10_000; i++) {
      arena.allocate(64);
    }

    assertThat(arena.closeSparse(Long.MAX_VALUE)).isEqualTo(-1);
  }

  @Test
  void budgetWithoutRoom_leavesTheArenaAsItWas() {
    int block = arena.allocate(100);
    pool.trim();
    MemoryAccount others = new MemoryAccount(pool);
    others.reserveHeap(pool.availableBytes());
    long bytes = arena.bytes();
    long live = arena.liveBytes();

    assertThatThrownBy(() -> arena.allocate(100_000))
        .isInstanceOf(MemoryBudgetExceededException.class);

    assertThat(arena.bytes()).isEqualTo(bytes);
    assertThat(arena.liveBytes()).isEqualTo(live);
    arena.free(block, Arena.blockBytes(100));
  }

  @ParameterizedTest(name = "blocks of {0} bytes")
  @ValueSource(ints = {16, 100, 5_000, 30_000, 200_000})
  void bytesFor_areAtLeastWhatIsTaken(int size) {
    for (int count : new int[] {1, 10, 100}) {
      long estimate = arena.bytesFor((long) count * Arena.blockBytes(size));
      long before = arena.bytes();
      for (int i = 0; i < count; i++) {
        arena.allocate(size);
      }
      assertThat(arena.bytes() - before).isLessThanOrEqualTo(estimate);
    }
  }

  @Test
  void bytesForOneLargeBlock_areThoseOfItsOwnSlab_evenIfThePresentOneHasRoom() {
    fillUntilThePresentSlabIsLarge();
    int size = arena.maxSharedBlockBytes() + 1_000;
    assertThat(arena.uncutBytes()).isGreaterThan(2L * size);

    long estimate = arena.bytesFor(Arena.blockBytes(size));
    long before = arena.bytes();
    arena.allocate(size);

    assertThat(arena.bytes() - before).isPositive().isLessThanOrEqualTo(estimate);
  }

  private void fillUntilThePresentSlabIsLarge() {
    while (arena.uncutBytes() < MemoryAccount.MAX_SLAB_BYTES / 2) {
      arena.allocate(1_000);
    }
  }

  @Test
  void ownerIsCalled_whenLessIsInUseThanItSaid() {
    int first = arena.allocate(64);
    int second = arena.allocate(64);
    arena.watch(100);
    int before = account.growths();

    arena.free(first, 64);
    int called = account.growths();
    arena.free(second, 64);

    assertThat(called).isEqualTo(before + 1);
    assertThat(account.growths()).isEqualTo(called);
  }

  private Block allocate(int size, byte content) {
    Block block = new Block(arena.allocate(size), Arena.blockBytes(size), content);
    ByteBuffer buffer = arena.buffer(block.reference);
    for (int i = 0; i < block.bytes; i++) {
      buffer.put(Arena.offset(block.reference) + i, content);
    }
    return block;
  }

  private void check(Block block) {
    ByteBuffer buffer = arena.buffer(block.reference);
    for (int i = 0; i < block.bytes; i++) {
      if (buffer.get(Arena.offset(block.reference) + i) != block.content) {
        assertThat(buffer.get(Arena.offset(block.reference) + i)).isEqualTo(block.content);
      }
    }
  }
}
