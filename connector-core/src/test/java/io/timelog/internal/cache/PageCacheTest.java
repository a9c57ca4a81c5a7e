package io.timelog.internal.cache;

import static io.timelog.internal.cache.NumberedParts.PART_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.testing.PoisoningSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which parts are in memory, for how long, and who gets the memory. */
final class PageCacheTest {
  private static final int PARTS_OF_BUDGET = 16;

  private final PoisoningSource source = new PoisoningSource();
  private final BufferPool pool = new BufferPool((long) PARTS_OF_BUDGET * PART_BYTES, source);
  private final MemoryAccount memory = new MemoryAccount(pool);
  private final NumberedParts segment = new NumberedParts(memory, 100);

  private void use(int number) {
    Hold hold = segment.parts.newHold();
    assertThat(NumberedParts.isPart(number, segment.parts.get(number, hold))).isTrue();
    hold.letGo();
  }

  private void useAll(int from, int to) {
    for (int number = from; number < to; number++) {
      use(number);
    }
  }

  @Test
  void part_isReadOnce_whileThereIsRoom() {
    useAll(0, PARTS_OF_BUDGET);
    useAll(0, PARTS_OF_BUDGET);

    for (int number = 0; number < PARTS_OF_BUDGET; number++) {
      assertThat(segment.reads(number)).isEqualTo(1);
    }
    assertThat(segment.parts.heldBytes()).isEqualTo(pool.limitBytes());
    assertThat(memory.usedBytes()).isEqualTo(pool.limitBytes());
  }

  @Test
  void partThatIsNotLoaded_isNotReadForWhoAsksOnlyForLoadedOnes() {
    Hold hold = segment.parts.newHold();

    assertThat(segment.parts.getIfLoaded(3, hold)).isNull();
    use(3);

    assertThat(segment.parts.getIfLoaded(3, hold)).isNotNull();
    assertThat(segment.reads(3)).isEqualTo(1);
  }

  @Test
  void moreThanTheBudget_isReadThroughIt() {
    useAll(0, 100);

    assertThat(source.bytes()).isLessThanOrEqualTo(pool.limitBytes());
    assertThat(pool.usedBytes()).isLessThanOrEqualTo(pool.limitBytes());
  }

  @Test
  void heldPart_staysAsItIs_whateverElseIsRead() {
    Hold hold = segment.parts.newHold();
    ByteBuffer part = segment.parts.get(5, hold);

    useAll(10, 100);

    assertThat(NumberedParts.isPart(5, part)).isTrue();
    use(5);
    assertThat(segment.reads(5)).isEqualTo(1);
  }

  @Test
  void holdThatMovesOn_keepsOnePartOnly() {
    Hold hold = segment.parts.newHold();
    for (int number = 0; number < 100; number++) {
      assertThat(NumberedParts.isPart(number, segment.parts.get(number, hold))).isTrue();
    }
    hold.letGo();

    segment.parts.close();

    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void partsThatAreUsedAgain_surviveAScan() {
    useAll(0, 4);
    useAll(0, 4);

    for (int number = 10; number < 100; number++) {
      use(number);
      use(number % 4);
    }

    for (int number = 0; number < 4; number++) {
      assertThat(segment.reads(number)).isEqualTo(1);
    }
  }

  @Test
  void otherRequests_getTheMemory() {
    useAll(0, PARTS_OF_BUDGET);

    List<ByteBuffer> slabs = new ArrayList<>();
    for (int i = 0; i < PARTS_OF_BUDGET / 4; i++) {
      slabs.add(memory.take(4 * PART_BYTES));
    }

    assertThat(slabs).hasSize(PARTS_OF_BUDGET / 4);
    assertThat(segment.parts.heldBytes()).isZero();
    assertThat(pool.usedBytes()).isEqualTo(pool.limitBytes());
  }

  @Test
  void memoryOfTheCache_countsAsAvailable() {
    useAll(0, PARTS_OF_BUDGET);

    assertThat(pool.availableBytes()).isEqualTo(pool.limitBytes());
    assertThat(pool.tryReserve(pool.limitBytes())).isTrue();
    assertThat(pool.tryReserve(1)).isFalse();
  }

  @Test
  void memoryOfHeldParts_doesNotCountAsAvailable() {
    useAll(0, PARTS_OF_BUDGET);
    Hold hold = segment.parts.newHold();
    Hold other = segment.parts.newHold();

    segment.parts.get(3, hold);
    segment.parts.get(3, other);
    segment.parts.get(4, other);
    assertThat(pool.availableBytes()).isEqualTo(pool.limitBytes() - 2 * PART_BYTES);

    hold.letGo();
    assertThat(pool.availableBytes()).isEqualTo(pool.limitBytes() - PART_BYTES);
    other.letGo();
    assertThat(pool.availableBytes()).isEqualTo(pool.limitBytes());
  }

  @Test
  void heldParts_areNotTaken() {
    List<Hold> holds = new ArrayList<>();
    for (int number = 0; number < PARTS_OF_BUDGET; number++) {
      Hold hold = segment.parts.newHold();
      segment.parts.get(number, hold);
      holds.add(hold);
    }

    assertThat(pool.tryReserve(PART_BYTES)).isFalse();
    assertThatThrownBy(() -> use(20))
        .isInstanceOf(MemoryBudgetExceededException.class)
        .satisfies(
            refusal ->
                assertThat(refusal.getSuppressed())
                    .singleElement()
                    .asString()
                    .contains("pages=16, heldPages=16, cursors=16"));

    holds.get(7).letGo();
    use(20);
    assertThat(segment.reads(20)).isEqualTo(1);
  }

  @Test
  void closedSegment_givesItsMemoryBackAtOnce() {
    NumberedParts other = new NumberedParts(memory, 100);
    useAll(0, 8);
    Hold hold = other.parts.newHold();
    other.parts.get(1, hold);
    hold.letGo();

    segment.parts.close();

    assertThat(segment.parts.heldBytes()).isZero();
    assertThat(memory.usedBytes()).isEqualTo(PART_BYTES);
    other.parts.close();
    memory.close();
    assertThat(source.bytes()).isZero();
  }

  @Test
  void oneCache_isForAllStoresOfABudget() {
    MemoryAccount neighbour = new MemoryAccount(pool);
    NumberedParts theirs = new NumberedParts(neighbour, 100);
    useAll(0, PARTS_OF_BUDGET);

    Hold hold = theirs.parts.newHold();
    for (int number = 0; number < PARTS_OF_BUDGET; number++) {
      theirs.parts.get(number, hold);
    }

    assertThat(memory.usedBytes() + neighbour.usedBytes()).isLessThanOrEqualTo(pool.limitBytes());
    assertThat(PageCache.of(neighbour)).isSameAs(PageCache.of(memory));
    assertThat(neighbour.usedBytes()).isGreaterThan(PART_BYTES);
  }

  @Test
  void damage_isFoundWhenThePartIsRead_andConcernsNoOther() {
    segment.damaged.add(4);

    assertThatThrownBy(() -> use(4))
        .isInstanceOfSatisfying(
            TimelogCorruptionException.class,
            damage -> assertThat(damage.offset()).isEqualTo(4L * PART_BYTES));
    use(3);
    use(5);

    assertThat(memory.usedBytes()).isEqualTo(2 * PART_BYTES);
  }

  @Test
  void failedRead_changesNothing_andIsTriedAgain() {
    Hold hold = segment.parts.newHold();
    ByteBuffer kept = segment.parts.get(1, hold);
    segment.failures.add(new TimelogException("The file cannot be read"));

    assertThatThrownBy(() -> segment.parts.get(2, hold))
        .isExactlyInstanceOf(TimelogException.class);

    assertThat(NumberedParts.isPart(1, kept)).isTrue();
    assertThat(memory.usedBytes()).isEqualTo(PART_BYTES);
    assertThat(NumberedParts.isPart(2, segment.parts.get(2, hold))).isTrue();
  }

  @Test
  void copyToKeep_isOnTheHeap_andNotCounted() {
    ByteBuffer kept = segment.parts.toKeep(6);

    assertThat(NumberedParts.isPart(6, kept)).isTrue();
    assertThat(kept.isDirect()).isFalse();
    assertThat(memory.usedBytes()).isZero();
  }
}
