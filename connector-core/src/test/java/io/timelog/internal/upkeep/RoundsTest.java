package io.timelog.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RoundsTest {
  private static final int BATCH = 3;
  private static final int VALUE_BYTES = 2_000;

  private final BufferPool pool = new BufferPool(16 << 20);
  private final MemoryAccount memory = new MemoryAccount(pool);
  private final MemoryAccount others = new MemoryAccount(pool);
  private final HandMadeTable first = new HandMadeTable("first", memory);
  private final HandMadeTable second = new HandMadeTable("second", memory);
  private final SealedRuns runs = new SealedRuns(bytes -> {});
  private final Rounds rounds =
      new Rounds("store", () -> List.of(first, second), runs, bytes -> {}, BATCH);

  @AfterEach
  void nothingIsLeft() {
    first.close();
    second.close();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void flush_makesSegmentsOfAllRuns_ofAllTables() {
    fill(first, 0, 10);
    fill(first, 100, 10);
    fill(second, 0, 10);
    runs.add(new SealedRun(List.of(first.seal(0), first.seal(100), second.seal(0))));
    fill(first, 0, 10);
    runs.add(new SealedRun(List.of(first.seal(0))));

    rounds.flush();

    assertThat(runs.count()).isZero();
    assertThat(rounds.flushes()).isEqualTo(2);
    assertThat(rounds.nanos()).isPositive();
    assertThat(stages(first, 0)).containsExactly(Source.Stage.LEVEL_1, Source.Stage.LEVEL_0);
    assertThat(stages(first, 100)).containsExactly(Source.Stage.LEVEL_1);
    assertThat(stages(second, 0)).containsExactly(Source.Stage.LEVEL_1);
  }

  @Test
  void flushThatFindsNoRoom_isExplainedByTheTable_andTheRunStillWaits() {
    sealOne(second, 0, 10);
    leaveRoom(1_000);

    assertThatThrownBy(rounds::flush).isInstanceOf(MemoryBudgetExceededException.class);

    assertThat(second.refusals()).isOne();
    assertThat(first.refusals()).isZero();
    assertThat(runs.count()).isOne();
    assertThat(rounds.flushes()).isZero();
    assertThat(stages(second, 0)).containsExactly(Source.Stage.SEALED);
  }

  @Test
  void catchUp_flushesAndMergesWhatIsDue() {
    for (int i = 0; i < 5; i++) {
      sealOne(first, 0, 10);
    }

    assertThat(rounds.catchUp()).isTrue();

    assertThat(stages(first, 0)).containsExactly(Source.Stage.LEVEL_1);
    assertThat(rounds.compactions()).isOne();
  }

  @Test
  void catchUpThatFindsNoRoom_saysSo_andSucceedsWhenThereIsSome() {
    sealOne(first, 0, 10);
    long taken = leaveRoom(1_000);

    assertThat(rounds.catchUp()).isFalse();
    assertThat(runs.count()).isOne();

    others.releaseHeap(taken);
    assertThat(rounds.catchUp()).isTrue();
    assertThat(runs.count()).isZero();
  }

  @Test
  void catchUpThatFails_saysSo_andLeavesTheLock() {
    sealOne(first, 0, 10);
    first.beforeSegment(
        () -> {
          throw new IllegalStateException("from the test");
        });

    assertThatCode(() -> assertThat(rounds.catchUp()).isFalse()).doesNotThrowAnyException();
    assertThat(runs.count()).isOne();
    assertThat(isFree()).isTrue();

    first.beforeSegment(() -> {});
    assertThat(rounds.runOnce()).isFalse();
    assertThat(runs.count()).isZero();
  }

  @Test
  void smallestSealedWindow_isFlushedFirst_andItsRunEndsWithItsLast() {
    fill(first, 0, 30);
    fill(first, 100, 5);
    fill(second, 0, 10);
    runs.add(new SealedRun(List.of(first.seal(0), first.seal(100), second.seal(0))));

    assertThat(rounds.flushSmallest(Long.MAX_VALUE)).isTrue();
    assertThat(stages(first, 100)).containsExactly(Source.Stage.LEVEL_1);
    assertThat(stages(second, 0)).containsExactly(Source.Stage.SEALED);

    assertThat(rounds.flushSmallest(Long.MAX_VALUE)).isTrue();
    assertThat(stages(second, 0)).containsExactly(Source.Stage.LEVEL_1);
    assertThat(rounds.flushes()).isZero();

    assertThat(rounds.flushSmallest(Long.MAX_VALUE)).isTrue();
    assertThat(rounds.flushes()).isOne();
    assertThat(runs.count()).isZero();
    assertThat(rounds.flushSmallest(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void smallestSealedWindow_waitsForOlderRowsOfTheSameWindow() {
    sealOne(first, 0, 30);
    sealOne(first, 0, 2);

    assertThat(rounds.flushSmallest(Long.MAX_VALUE)).isTrue();

    assertThat(stages(first, 0)).containsExactly(Source.Stage.LEVEL_1, Source.Stage.SEALED);
  }

  @Test
  void sealedWindowThatDoesNotFit_isNotTriedAlone() {
    SealedRun.Part part = sealOne(first, 0, 30);
    long bytes = part.source().bytesInSegments();

    assertThat(rounds.flushSmallest(bytes - 1)).isFalse();
    assertThat(rounds.flushSmallest(bytes)).isTrue();
  }

  @Test
  void sealedWindowThatTurnsOutNotToFit_stillWaits() {
    sealOne(first, 0, 10);
    leaveRoom(1_000);

    assertThat(rounds.flushSmallest(Long.MAX_VALUE)).isFalse();

    assertThat(runs.count()).isOne();
    assertThat(isFree()).isTrue();
  }

  @Test
  void windowThatGetsSmaller_isMerged_andNotAgain() {
    sealOne(first, 0, 10);
    sealOne(first, 0, 10);
    rounds.flush();

    assertThat(rounds.compactSmallest(Long.MAX_VALUE)).isTrue();
    assertThat(stages(first, 0)).containsExactly(Source.Stage.LEVEL_1);
    assertThat(rounds.compactSmallest(Long.MAX_VALUE)).isFalse();
    assertThat(rounds.compactions()).isOne();
  }

  @Test
  void compactAll_mergesTheSegmentsOfEveryTable() {
    for (HandMadeTable table : List.of(first, second)) {
      sealOne(table, 0, 10);
      sealOne(table, 0, 10);
    }
    rounds.flush();

    rounds.compactAll();

    assertThat(stages(first, 0)).containsExactly(Source.Stage.LEVEL_1);
    assertThat(stages(second, 0)).containsExactly(Source.Stage.LEVEL_1);
  }

  @Test
  void report_tellsABatchOfEachTable_andWhetherMoreWait() {
    List<Long> ofFirst = reports(first, 5);
    List<Long> ofSecond = reports(second, 2);
    assertThat(rounds.unreported()).isEqualTo(2);

    assertThat(rounds.report()).isTrue();
    assertThat(ofFirst).hasSize(BATCH);
    assertThat(ofSecond).hasSize(2);

    assertThat(rounds.report()).isFalse();
    assertThat(ofFirst).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(rounds.unreported()).isZero();
  }

  @Test
  void reportAll_tellsWhatIsMoreThanABatch() {
    List<Long> reported = reports(first, 5 * BATCH);

    rounds.reportAll();

    assertThat(reported).hasSize(5 * BATCH);
  }

  @Test
  void round_reportsAlthoughAFlushFindsNoRoom_andAsksForAnotherOnlyIfMoreWait() {
    List<Long> reported = reports(second, BATCH + 1);
    sealOne(first, 0, 10);
    leaveRoom(1_000);

    assertThat(rounds.runOnce()).isTrue();
    assertThat(reported).hasSize(BATCH);
    assertThat(rounds.runOnce()).isFalse();
    assertThat(reported).hasSize(BATCH + 1);
  }

  @Test
  void listenersThatThrow_areCountedOverAllTables() {
    for (HandMadeTable table : List.of(first, second)) {
      table.reportTo(
          (key, keyOffset, keyLength, timestamp, payload, offset, length) -> {
            throw new IllegalStateException("from the test");
          });
      fill(table, 0, 2);
      table.drop(0);
    }

    rounds.reportAll();

    assertThat(rounds.listenerFailures()).isEqualTo(4);
  }

  @Test
  void whatIsDoneExclusively_isLeftOutWhileAnotherThreadIsInARound() throws Exception {
    CountDownLatch leave = new CountDownLatch(1);
    CompletableFuture<Void> other = roundOfAnotherThread(leave);
    List<String> done = new ArrayList<>();

    assertThat(rounds.tryExclusively(() -> done.add("too early"), 0)).isFalse();
    leave.countDown();
    other.join();
    assertThat(rounds.tryExclusively(() -> done.add("in time"), 0)).isTrue();

    assertThat(done).containsExactly("in time");
  }

  @Test
  void whatIsDoneExclusively_waitsForARound_asLongAsItMay() throws Exception {
    CountDownLatch leave = new CountDownLatch(1);
    CompletableFuture<Void> other = roundOfAnotherThread(leave);
    List<String> done = new ArrayList<>();

    assertThat(rounds.tryExclusively(() -> done.add("too early"), 1)).isFalse();
    CompletableFuture<Boolean> patient =
        CompletableFuture.supplyAsync(
            () -> rounds.tryExclusively(() -> done.add("in time"), Long.MAX_VALUE));
    leave.countDown();
    other.join();

    assertThat(patient.join()).isTrue();
    assertThat(done).containsExactly("in time");
  }

  @Test
  void whatIsHeldOff_beginsWhenItIsLetGo() {
    sealOne(first, 0, 10);
    rounds.holdOff();
    CompletableFuture<Void> other = CompletableFuture.runAsync(rounds::flush);
    assertThat(isFree()).isFalse();
    assertThat(runs.count()).isOne();

    rounds.letGo();

    other.join();
    assertThat(runs.count()).isZero();
  }

  /** A round that has begun, and goes on until the latch is released. */
  private CompletableFuture<Void> roundOfAnotherThread(CountDownLatch leave) throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () ->
                rounds.exclusively(
                    () -> {
                      inside.countDown();
                      await(leave);
                    }));
    inside.await();
    return other;
  }

  /** Whether another thread could begin a round now. */
  private boolean isFree() {
    return CompletableFuture.supplyAsync(() -> rounds.tryExclusively(() -> {}, 0)).join();
  }

  private SealedRun.Part sealOne(HandMadeTable table, long timestamp, int entries) {
    fill(table, timestamp, entries);
    SealedRun.Part part = table.seal(timestamp);
    runs.add(new SealedRun(List.of(part)));
    return part;
  }

  private static void fill(HandMadeTable table, long timestamp, int entries) {
    for (int i = 0; i < entries; i++) {
      table.put(i, timestamp + i, VALUE_BYTES);
    }
  }

  private static List<Long> reports(HandMadeTable table, int entries) {
    List<Long> reported = new ArrayList<>();
    table.reportTo(
        (key, keyOffset, keyLength, timestamp, payload, offset, length) -> reported.add(timestamp));
    fill(table, 0, entries);
    table.drop(0);
    return reported;
  }

  /** Takes all of the budget but so many bytes; returns how many that is. */
  private long leaveRoom(long bytes) {
    pool.trim();
    long taken = memory.availableBytes() - bytes;
    others.reserveHeap(taken);
    return taken;
  }

  private static List<Source.Stage> stages(HandMadeTable table, long timestamp) {
    PartitionWindow window = table.window(timestamp);
    return window.sources().stream().map(Source::stage).toList();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
