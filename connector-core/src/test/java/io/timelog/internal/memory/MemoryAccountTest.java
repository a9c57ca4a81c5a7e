package io.timelog.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudgetExceededException;
import java.nio.ByteBuffer;
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
  void reserve_staysOpen_whenAUseInsideOfAnotherEnds() {
    MemoryAccount account = new MemoryAccount(new BufferPool(1 << 20), 1 << 10);

    long outer = account.openReserve();
    long inner = account.openHalfOfReserve();
    account.closeReserve(inner);

    account.reserveHeap(1 << 20);
    account.releaseHeap(1 << 20);
    account.closeReserve(outer);
    assertThatThrownBy(() -> account.reserveHeap(1 << 20))
        .isInstanceOf(MemoryBudgetExceededException.class);
  }
}
