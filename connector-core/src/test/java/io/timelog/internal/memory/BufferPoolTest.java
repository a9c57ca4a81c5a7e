package io.timelog.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.MemorySource;
import io.timelog.testing.PoisoningSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BufferPoolTest {
  private static final int KIB = 1 << 10;

  private final PoisoningSource source = new PoisoningSource();
  private final BufferPool pool = new BufferPool(16L << 20, source);
  private final MemoryAccount account = new MemoryAccount(pool);

  @Test
  void whatIsReserved_isNeverMoreThanTheLimit() {
    pool.reserve(16L << 20);

    assertThat(pool.tryReserve(1)).isFalse();
    assertThat(pool.availableBytes()).isZero();
    assertThatThrownBy(() -> pool.reserve(1)).isInstanceOf(MemoryBudgetExceededException.class);
    pool.release(16L << 20);
    assertThat(pool.usedBytes()).isZero();
  }

  @Test
  void moreThanWasTaken_isNotTakenBack() {
    pool.reserve(10);

    assertThatThrownBy(() -> pool.release(11))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("bytes=11");
  }

  @Test
  void capacities_areLittleMoreThanAskedFor_andFew() {
    List<Integer> capacities = new ArrayList<>();
    for (int size = 1; size <= BufferPool.MAX_KEPT_BYTES; size++) {
      int capacity = BufferPool.capacityFor(size);
      if (capacity < size || capacity > size + Math.max(64, size / 16)) {
        assertThat(capacity).as("for %d", size).isBetween(size, size + Math.max(64, size / 16));
      }
      if (capacities.isEmpty() || capacities.get(capacities.size() - 1) != capacity) {
        capacities.add(capacity);
      }
    }
    assertThat(capacities).hasSizeLessThan(300).isSorted().doesNotHaveDuplicates();
    assertThat(BufferPool.capacityFor(BufferPool.MAX_KEPT_BYTES + 1))
        .isEqualTo(BufferPool.MAX_KEPT_BYTES + 1);
  }

  @Test
  void freeBuffer_isUsedAgain_onlyForItsOwnCapacity() {
    ByteBuffer buffer = account.take(64 * KIB);
    account.give(buffer);

    assertThat(account.take(32 * KIB)).isNotSameAs(buffer);
    assertThat(account.take(64 * KIB)).isSameAs(buffer);
  }

  @Test
  void largestFreeBuffers_areGivenUpFirst_andNoMoreThanAreNeeded() {
    ByteBuffer small = account.take(64 * KIB);
    ByteBuffer large = account.take(256 * KIB);
    account.give(small);
    account.give(large);
    long free = pool.availableBytes();

    pool.reserve(free + 1);

    assertThat(pool.freeBytes()).isEqualTo(64 * KIB);
    assertThat(source.bytes()).isEqualTo(64 * KIB);
    assertThat(account.take(64 * KIB)).isSameAs(small);
  }

  @Test
  void buffersThatCameBackTogether_areUsedAgain_andGivenUpOneByOne() {
    ByteBuffer[] buffers = new ByteBuffer[4];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = account.take(64 * KIB);
    }
    account.giveAll(buffers, 4, 4L * 64 * KIB);
    assertThat(pool.freeBytes()).isEqualTo(4 * 64 * KIB);

    account.take(64 * KIB);
    pool.reserve(pool.availableBytes() + 64 * KIB);

    assertThat(pool.freeBytes()).isEqualTo(2 * 64 * KIB);
    assertThat(source.bytes()).isEqualTo(3 * 64 * KIB);
  }

  @Test
  void memoryOfStores_isAskedFor_untilThereIsEnough() {
    List<String> asked = new ArrayList<>();
    Relievable self = wanted -> asked.add("self");
    pool.join(self);
    pool.join(
        wanted -> {
          asked.add("first");
          pool.release(100);
        });
    pool.join(
        wanted -> {
          asked.add("second");
          pool.release(1_000);
        });
    pool.join(wanted -> asked.add("third"));
    pool.reserve(16L << 20);

    pool.relieveOthersThan(self, 500);

    assertThat(asked).containsExactly("first", "second");
  }

  @Test
  void storeThatLeft_isNotAsked() {
    List<String> asked = new ArrayList<>();
    Relievable gone = wanted -> asked.add("gone");
    pool.join(gone);
    pool.leave(gone);

    pool.relieveOthersThan(wanted -> {}, Long.MAX_VALUE);

    assertThat(asked).isEmpty();
  }

  @Test
  void lastAccountThatCloses_leavesNothingFree() {
    account.give(account.take(64 * KIB));
    assertThat(source.bytes()).isPositive();

    account.close();

    assertThat(source.bytes()).isZero();
    assertThat(pool.usedBytes()).isZero();
  }

  @Test
  void sourceThatHasNoMemory_isAskedAgainWhenFreeBuffersAreGone() {
    int[] left = {1};
    BufferPool small =
        new BufferPool(
            1 << 20,
            new MemorySource() {
              @Override
              public ByteBuffer allocate(int bytes) {
                if (left[0]-- <= 0) {
                  throw new OutOfMemoryError("from the test");
                }
                return ByteBuffer.allocateDirect(bytes);
              }

              @Override
              public void free(ByteBuffer buffer) {
                left[0] += 2;
              }
            });
    MemoryAccount owner = new MemoryAccount(small);
    owner.give(owner.take(4 * KIB));

    assertThat(owner.take(8 * KIB).capacity()).isEqualTo(8 * KIB);
    assertThatThrownBy(() -> owner.take(16 * KIB))
        .isInstanceOf(MemoryBudgetExceededException.class)
        .hasCauseInstanceOf(OutOfMemoryError.class);
    assertThat(small.usedBytes()).isEqualTo(8 * KIB);
  }
}
