package io.timelog.internal.cache;

import static io.timelog.internal.cache.NumberedParts.PART_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.testing.PoisoningSource;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who walks from part to part has the next ones read before. */
final class ReadingAheadTest {
  private static final int PARTS = 100;

  /** Of a budget of so many parts, sixteen may be read at once. */
  private static final int PARTS_OF_BUDGET = 16 * 16;

  private final PoisoningSource source = new PoisoningSource();
  private final BufferPool pool = new BufferPool((long) PARTS_OF_BUDGET * PART_BYTES, source);
  private final MemoryAccount memory = new MemoryAccount(pool);
  private final NumberedParts segment = new NumberedParts(memory, PARTS);
  private final Hold hold = segment.parts.newHold();

  @AfterEach
  void close() {
    hold.letGo();
    segment.parts.close();
    assertThat(memory.usedBytes()).isZero();
    memory.close();
    assertThat(source.bytes()).isZero();
  }

  /** Walks in a direction in which there is more to come. */
  private void walk(int from, int to) {
    walk(from, to, from <= to ? PARTS - 1 : 0);
  }

  private void walk(int from, int to, int horizon) {
    int step = from <= to ? 1 : -1;
    for (int number = from; number != to + step; number += step) {
      ByteBuffer part = segment.parts.getOnTheWay(number, horizon, hold);
      assertThat(NumberedParts.isPart(number, part)).isTrue();
    }
  }

  private void requireEachReadOnce(int from, int to) {
    for (int number = from; number <= to; number++) {
      assertThat(segment.reads(number)).isEqualTo(1);
    }
  }

  @Test
  void reads_getTwiceAsLongEachTime_upToAPartOfTheCache() {
    walk(0, PARTS - 1);

    assertThat(segment.takeReads()).containsExactly(1, 2, 4, 8, 16, 16, 16, 16, 16, 5);
    requireEachReadOnce(0, PARTS - 1);
  }

  @Test
  void reads_goAheadInEitherDirection() {
    walk(PARTS - 1, 0);

    assertThat(segment.takeReads()).containsExactly(1, 2, 4, 8, 16, 16, 16, 16, 16, 5);
    requireEachReadOnce(0, PARTS - 1);
  }

  @Test
  void whatIsBehindTheHorizon_isNotRead() {
    walk(0, 4, 4);

    assertThat(segment.takeReads()).containsExactly(1, 2, 2);
    assertThat(segment.reads(5)).isZero();
  }

  @Test
  void lookups_readOnePartEach() {
    for (int number = 0; number < 10; number++) {
      segment.parts.get(number, hold);
    }
    for (int number = 20; number < PARTS; number += 2) {
      segment.parts.getOnTheWay(number, PARTS - 1, hold);
    }

    assertThat(segment.takeReads()).containsOnly(1);
  }

  @Test
  void cursorThatFindsTheFirstPartInMemory_readsAheadFromThere() {
    Hold other = segment.parts.newHold();
    segment.parts.get(0, other);
    other.letGo();

    walk(0, 6);

    assertThat(segment.takeReads()).containsExactly(1, 2, 4);
  }

  @Test
  void cursorThatHasLetGo_goesOnWhereItWas() {
    walk(0, 2);
    hold.letGo();

    segment.parts.getOnTheWay(3, PARTS - 1, hold);

    assertThat(segment.takeReads()).containsExactly(1, 2, 4);
  }

  @Test
  void partsThatAreThere_areNotReadAgain() {
    Hold other = segment.parts.newHold();
    segment.parts.get(5, other);
    other.letGo();
    segment.takeReads();

    walk(0, PARTS - 1);

    assertThat(segment.takeReads()).startsWith(1, 2, 2, 4, 8);
    requireEachReadOnce(0, PARTS - 1);
  }

  @Test
  void whereMemoryIsShort_partsAreReadOneByOne() {
    ByteBuffer others = memory.take((PARTS_OF_BUDGET - 8) * PART_BYTES);

    walk(0, PARTS - 1);

    assertThat(segment.takeReads()).hasSize(PARTS).containsOnly(1);
    memory.give(others);
  }

  @Test
  void runThatWasEvictedBeforeItWasUsed_isNotReadAsLongAgain() {
    walk(0, 7);
    assertThat(segment.takeReads()).containsExactly(1, 2, 4, 8);

    PageCache.of(memory).reclaim(pool.limitBytes());
    walk(8, PARTS - 1);

    assertThat(segment.takeReads()).containsOnly(4);
  }

  @Test
  void partThatWasReadAheadAndUsedOnce_leavesBeforeThoseThatAreUsedAgain() {
    Hold other = segment.parts.newHold();
    segment.parts.get(PARTS - 1, other);
    segment.parts.get(PARTS - 1, other);
    other.letGo();
    walk(0, 20);
    hold.letGo();

    PageCache.of(memory).reclaim(20L * PART_BYTES);

    assertThat(segment.parts.getIfLoaded(PARTS - 1, other)).isNotNull();
    other.letGo();
  }

  @Test
  void damageAhead_isToldToWhoAsksForThePart() {
    segment.damaged.add(5);

    walk(0, 4);

    assertThatThrownBy(() -> walk(5, 6)).isInstanceOf(TimelogCorruptionException.class);
    walk(6, PARTS - 1);
  }

  @Test
  void runThatCannotBeRead_isReadOneByOne() {
    walk(0, 0);
    segment.failures.add(new TimelogException("The file cannot be read"));

    walk(1, PARTS - 1);

    requireEachReadOnce(0, PARTS - 1);
  }

  @Test
  void runThatNobodyCanRead_fails_andLeavesNoMemoryBehind() {
    walk(0, 0);
    long held = memory.usedBytes();
    IllegalStateException closed = new IllegalStateException("The file is closed");
    segment.failures.add(closed);

    assertThatThrownBy(() -> walk(1, 1)).isSameAs(closed);

    assertThat(memory.usedBytes()).isEqualTo(held);
    walk(1, PARTS - 1);
    requireEachReadOnce(0, PARTS - 1);
  }
}
