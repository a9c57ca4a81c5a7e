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
  void whatAnotherThreadTakesFirst_isGivenUpAgain_asLongAsThereIsAny() {
    pool.reserve(16L << 20);
    pool.reclaimable(ContendedCache.class, () -> new ContendedCache(pool, 3));

    assertThat(pool.tryReserve(KIB)).isTrue();
    assertThat(pool.tryReserve(KIB)).isFalse();
  }

  /** Gives up so many times, and only the last time is nobody faster to take it. */
  private static final class ContendedCache implements Reclaimable {
    private final BufferPool pool;
    private int times;

    ContendedCache(BufferPool pool, int times) {
      this.pool = pool;
      this.times = times;
    }

    @Override
    public long idleBytes() {
      return (long) times * KIB;
    }

    @Override
    public long reclaim(long wantedBytes) {
      if (times == 0) {
        return 0;
      }
      times--;
      pool.release(KIB);
      if (times > 0) {
        pool.reserve(KIB);
      }
      return KIB;
    }
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

  /** Windows whose tables of keys had other sizes than those that follow leave such buffers. */
  @Test
  void buffersThatNobodyNeeded_whileAllWasTakenOnce_areGivenBack() {
    List<ByteBuffer> old = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      old.add(account.take(20 * KIB));
    }
    old.forEach(account::give);
    List<ByteBuffer> live = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      live.add(account.take(24 * KIB));
    }

    for (int i = 0; i < 64 * 3; i++) {
      account.give(live.remove(0));
      live.add(account.take(24 * KIB));
    }

    assertThat(pool.freeBytes()).isZero();
    assertThat(source.bytes()).isEqualTo(64 * 24 * KIB);
    assertThat(pool.usedBytes()).isEqualTo(64 * 24 * KIB);
  }

  @Test
  void buffersThatAreNeededNowAndThen_stay_howeverMuchIsTakenBetween() {
    List<ByteBuffer> windows = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 16; i++) {
        windows.add(account.take(64 * KIB));
      }
      long allocated = source.bytes();
      windows.forEach(account::give);
      windows.clear();
      assertThat(source.bytes()).isEqualTo(allocated).isEqualTo(16 * 64 * KIB);
    }
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
    Relievable self = new Neighbour("self", 0, false, asked);
    pool.join(self);
    pool.join(new Neighbour("first", 100, false, asked));
    pool.join(new Neighbour("second", 1_000, false, asked));
    pool.join(new Neighbour("third", 0, false, asked));
    pool.reserve(16L << 20);

    pool.relieveOthersThan(self, 500);

    assertThat(asked).containsExactly("first", "second");
  }

  @Test
  void memoryOfStores_isAskedFor_untilThereIsEnoughBesideWhatIsKeptForFlushes() {
    List<String> asked = new ArrayList<>();
    Relievable self = new Neighbour("self", 0, false, asked);
    pool.join(new Neighbour("first", 700, false, asked));
    pool.join(new Neighbour("second", 100, false, asked));
    pool.join(new Neighbour("third", 0, false, asked));
    pool.reserve(16L << 20);
    pool.keepForFlushes(300);

    pool.relieveOthersThan(self, 500);

    assertThat(asked).containsExactly("first", "second");
  }

  @Test
  void storeThatLeft_isNotAsked() {
    List<String> asked = new ArrayList<>();
    Relievable gone = new Neighbour("gone", 0, false, asked);
    pool.join(gone);
    pool.leave(gone);

    pool.relieveOthersThan(new Neighbour("self", 0, false, asked), Long.MAX_VALUE);

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

  @Test
  void storesWhoseMaintenanceIsUnderWay_areAskedLast_andWaitedFor() {
    List<String> asked = new ArrayList<>();
    pool.reserve(16L << 20);
    pool.join(new Neighbour("busy", 1 << 20, true, asked));
    pool.join(new Neighbour("idle", 1 << 20, false, asked));
    Relievable self = new Neighbour("self", 1 << 20, false, asked);
    pool.join(self);

    pool.relieveOthersThan(self, 2 << 20);

    assertThat(asked).containsExactly("busy", "idle", "busy, patiently");
    assertThat(pool.availableBytes()).isEqualTo(2 << 20);
  }

  @Test
  void storesWhoseMaintenanceIsUnderWay_areNotWaitedFor_ifOthersHaveEnough() {
    List<String> asked = new ArrayList<>();
    pool.reserve(16L << 20);
    pool.join(new Neighbour("busy", 1 << 20, true, asked));
    pool.join(new Neighbour("idle", 1 << 20, false, asked));
    Relievable self = new Neighbour("self", 1 << 20, false, asked);

    pool.relieveOthersThan(self, 1 << 20);

    assertThat(asked).containsExactly("busy", "idle");
  }

  /** Frees something, but only for one who waits if it is busy. */
  private final class Neighbour implements Relievable {
    private final String name;
    private final long garbage;
    private final boolean busy;
    private final List<String> asked;

    Neighbour(String name, long garbage, boolean busy, List<String> asked) {
      this.name = name;
      this.garbage = garbage;
      this.busy = busy;
      this.asked = asked;
    }

    @Override
    public boolean relieveFor(long wantedBytes, long patienceNanos) {
      asked.add(patienceNanos > 0 ? name + ", patiently" : name);
      if (busy && patienceNanos == 0) {
        return true;
      }
      pool.release(garbage);
      return false;
    }
  }
}
