package io.timelog.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudgetExceededException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryAccountTest {
  private static final int SLAB = MemoryAccount.MAX_SLAB_BYTES;

  private final BufferPool budget = new BufferPool(1_000L * SLAB);
  private final MemoryAccount pool = new MemoryAccount(budget);

  private ByteBuffer[] take(int count) {
    ByteBuffer[] slabs = new ByteBuffer[count];
    for (int i = 0; i < count; i++) {
      slabs[i] = pool.take(SLAB);
    }
    return slabs;
  }

  private void giveAll(ByteBuffer[] slabs) {
    pool.giveAll(slabs, slabs.length, (long) slabs.length * SLAB);
  }

  @Test
  void windowOfMany_isTakenAgain_whenTheNextGrows() {
    ByteBuffer[] oldest = take(100);
    take(400);

    giveAll(oldest);

    assertThat(pool.pooledBytes()).isEqualTo(100L * SLAB);
    assertThat(take(100)).containsExactlyInAnyOrder(oldest);
    assertThat(pool.pooledBytes()).isZero();
    assertThat(budget.usedBytes()).isEqualTo(500L * SLAB);
  }

  @Test
  void bufferThatWasUsedUpToALimit_isWholeWhenItIsTakenAgain() {
    take(100);
    ByteBuffer buffer = pool.takeExtent(3_000);
    pool.give(buffer.limit(3_000).position(1_000));

    ByteBuffer again = pool.take(buffer.capacity());

    assertThat(again).isSameAs(buffer);
    assertThat(again.position()).isZero();
    assertThat(again.remaining()).isEqualTo(again.capacity());
  }

  @Test
  void whatIsMoreThanAQuarter_goesBackToTheBudget() {
    ByteBuffer[] most = take(300);
    take(100);

    giveAll(most);

    assertThat(pool.pooledBytes()).isEqualTo(100L * SLAB);
    assertThat(pool.allocatedBytes()).isEqualTo(200L * SLAB);
    assertThat(budget.usedBytes()).isEqualTo(200L * SLAB);
  }

  @Test
  void littleIsKept_whenTheBudgetIsShort() {
    ByteBuffer[] oldest = take(100);
    take(400);
    budget.reserve(400L * SLAB);

    giveAll(oldest);

    assertThat(pool.pooledBytes()).isEqualTo(16L * SLAB);
    assertThat(budget.availableBytes()).isEqualTo((100L + 84) * SLAB);
  }

  @Test
  void smallStore_keepsLittle_whenItForgetsAll() {
    giveAll(take(40));

    assertThat(pool.pooledBytes()).isEqualTo(16L * SLAB);
    assertThat(budget.usedBytes()).isEqualTo(16L * SLAB);
  }

  @Test
  void veryLargeSlab_isNotKept() {
    ByteBuffer large = pool.take(5 * SLAB);
    pool.giveAll(new ByteBuffer[] {large}, 1, 5L * SLAB);

    ByteBuffer other = pool.take(SLAB);

    assertThat(other.capacity()).isEqualTo(SLAB);
    assertThat(pool.pooledBytes()).isZero();
    assertThat(budget.usedBytes()).isEqualTo(SLAB);
  }

  @Test
  void freeSlabs_areGivenUp_beforeARequestIsRefused() {
    ByteBuffer[] some = take(200);
    take(799);
    giveAll(some);

    assertThat(pool.take(150 * SLAB).capacity()).isEqualTo(150 * SLAB);
    assertThatThrownBy(() -> pool.take(100 * SLAB))
        .isInstanceOf(MemoryBudgetExceededException.class);
    assertThat(pool.pooledBytes()).isZero();
    assertThat(budget.usedBytes()).isEqualTo(949L * SLAB);
  }

  @Test
  void closedAccount_keepsNothing() {
    ByteBuffer[] slabs = take(3);
    pool.close();

    giveAll(slabs);

    assertThat(budget.usedBytes()).isZero();
    assertThat(pool.allocatedBytes()).isZero();
  }

  @Test
  void purposes_leaveAPartOfTheReserve_eachAnotherOne() {
    MemoryAccount account = new MemoryAccount(new BufferPool(1 << 20), 16 << 10);
    account.keepForOverwrites(256 << 10);

    assertThat(mostThatFits(account)).isEqualTo((1 << 20) - (16 << 10) - (256 << 10));
    assertThat(mostThatFits(account, Purpose.LONGER_ENTRIES))
        .isEqualTo((1 << 20) - (16 << 10) - (128 << 10));
    assertThat(mostThatFits(account, Purpose.NO_GROWTH)).isEqualTo((1 << 20) - (10 << 10));
    assertThat(mostThatFits(account, Purpose.RELIEF)).isEqualTo((1 << 20) - (5 << 10));
    assertThat(mostThatFits(account)).isEqualTo((1 << 20) - (16 << 10) - (256 << 10));
  }

  @Test
  void whatIsKeptForHandles_isLeftByAllPurposes() {
    MemoryAccount account = new MemoryAccount(new BufferPool(1 << 20), 16 << 10);

    account.keepForHandlesOf(1 << 20);

    assertThat(mostThatFits(account)).isEqualTo((1 << 20) - (80 << 10));
    assertThat(mostThatFits(account, Purpose.NO_GROWTH)).isEqualTo((1 << 20) - (74 << 10));
    assertThat(mostThatFits(account, Purpose.RELIEF)).isEqualTo((1 << 20) - (69 << 10));
  }

  @Test
  void merges_leaveTheReserve_whereSegmentsLeaveMemory() {
    MemoryAccount account = new MemoryAccount(new BufferPool(1 << 20), 64 << 10);
    assertThat(account.roomForMerges()).isEqualTo(Long.MAX_VALUE);
    assertThat(account.roomForJoins()).isEqualTo(1 << 20);

    account.letSegmentsLeave();
    account.reserveHeap(512 << 10);
    assertThat(account.roomForMerges()).isEqualTo(16L * (448 << 10));
    assertThat(account.roomForJoins()).isEqualTo(16L * (448 << 10));

    assertThat(account.tryReserveHeap(500 << 10)).isTrue();
    assertThat(account.roomForMerges()).isZero();
  }

  /**
   * Segments take the reserve and leave free slabs as they are, so these are of the reserve then.
   */
  @Test
  void freeSlabs_areNotTaken_whereThatWouldNotLeaveTheReserve() {
    BufferPool budget = new BufferPool(64 << 10);
    MemoryAccount account = new MemoryAccount(budget, 16 << 10);
    account.give(account.take(8 << 10));
    List<ByteBuffer> extents = new ArrayList<>();
    while (budget.availableBytes() > 0) {
      extents.add(account.takeExtent(4 << 10));
    }
    assertThat(budget.freeBytes()).isEqualTo(8 << 10);

    assertThatThrownBy(() -> account.take(8 << 10))
        .isInstanceOf(MemoryBudgetExceededException.class);
    extents.subList(0, 4).forEach(account::give);
    assertThat(account.take(8 << 10).capacity()).isEqualTo(8 << 10);
  }

  @Test
  void purpose_thatLeavesMore_changesNothingInsideOfAnother() {
    MemoryAccount account = new MemoryAccount(new BufferPool(1 << 20), 16 << 10);

    Purpose outer = account.begin(Purpose.RELIEF);
    assertThat(mostThatFits(account, Purpose.NO_GROWTH)).isEqualTo((1 << 20) - (5 << 10));
    assertThat(mostThatFits(account)).isEqualTo((1 << 20) - (5 << 10));
    account.endPurpose(outer);

    assertThat(mostThatFits(account)).isEqualTo((1 << 20) - (16 << 10));
  }

  @Test
  void closedAccount_keepsNothingForOverwrites() {
    BufferPool shared = new BufferPool(1 << 20);
    MemoryAccount other = new MemoryAccount(shared);
    MemoryAccount account = new MemoryAccount(shared, 16 << 10);
    account.keepForOverwrites(256 << 10);
    assertThat(mostThatFits(other)).isEqualTo((1 << 20) - (256 << 10));

    account.close();

    assertThat(mostThatFits(other)).isEqualTo(1 << 20);
  }

  private static int mostThatFits(MemoryAccount account, Purpose purpose) {
    Purpose before = account.begin(purpose);
    try {
      return mostThatFits(account);
    } finally {
      account.endPurpose(before);
    }
  }

  private static int mostThatFits(MemoryAccount account) {
    int fits = 0;
    for (int more = 1 << 20; more > 0; more /= 2) {
      try {
        account.reserveHeap(fits + more);
        account.releaseHeap(fits + more);
        fits += more;
      } catch (MemoryBudgetExceededException tooMuch) {
        // A half of it then.
      }
    }
    return fits;
  }
}
