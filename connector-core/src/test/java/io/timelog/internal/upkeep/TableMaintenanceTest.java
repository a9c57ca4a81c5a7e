package io.timelog.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.FlushWatch;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.Source.Stage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a flush or a merge leaves, also where the writer drops or memory ends in the middle of it.
 */
final class TableMaintenanceTest {
  private final BufferPool pool = new BufferPool(16 << 20);
  private final MemoryAccount memory = new MemoryAccount(pool);
  private final HandMadeTable table = new HandMadeTable("t", memory);

  @BeforeEach
  void nobodyIsTold() {
    table.reportTo((key, keyOffset, keyLength, timestamp, payload, offset, length) -> {});
  }

  @AfterEach
  void nothingIsLeft() {
    table.close();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void oldestSource_isFlushedWithoutTombstones_andNewerOnesWithTheirs() {
    table.put(1, 0, 100);
    table.put(2, 0, 100);
    table.putTombstone(3, 0);
    flush(table.seal(0));
    table.put(3, 0, 100);
    table.putTombstone(2, 0);
    flush(table.seal(0));

    assertThat(stages(0)).containsExactly(Stage.LEVEL_1, Stage.LEVEL_0);
    assertThat(source(0, 0).rowCount()).isEqualTo(2);
    assertThat(source(0, 0).hasTombstones()).isFalse();
    assertThat(source(0, 1).hasTombstones()).isTrue();
  }

  @Test
  void sourceOfWhichNothingIsVisible_leavesNoSegment() {
    table.put(1, 0, 100);
    table.put(1, HandMadeTable.WIDTH, 100);
    SealedRun.Part hidden = table.seal(0);
    SealedRun.Part visible = table.seal(HandMadeTable.WIDTH);
    table.raiseFloor(HandMadeTable.WIDTH);

    flush(hidden, visible);

    assertThat(table.view().windows()).containsExactly(table.window(HandMadeTable.WIDTH));
    assertThat(table.segments()).hasSize(1);
  }

  @Test
  void windowThatWasDroppedBefore_isPassedOver() {
    table.put(1, 0, 100);
    SealedRun.Part part = table.seal(0);
    table.drop(0);

    flush(part);

    assertThat(table.view().windows()).isEmpty();
    assertThat(table.segments()).isEmpty();
  }

  @Test
  void windowThatIsDroppedMeanwhile_isNotBroughtBack() {
    table.put(1, 0, 100);
    SealedRun.Part part = table.seal(0);
    table.beforeSegment(() -> table.drop(0));

    flush(part);

    assertThat(table.view().windows()).isEmpty();
    assertThat(table.segments()).isEmpty();
  }

  @Test
  void windowThatGetsRowsMeanwhile_keepsThem() {
    table.put(1, 0, 100);
    SealedRun.Part part = table.seal(0);
    table.beforeSegment(() -> table.put(2, 0, 100));

    flush(part);

    assertThat(stages(0)).containsExactly(Stage.LEVEL_1, Stage.ACTIVE);
  }

  @Test
  void windowThatIsDue_isMerged_onceThereIsRoomForAllOfIt() {
    for (int i = 0; i < 12; i++) {
      table.put(i, 0, 100);
      flush(table.seal(0));
    }
    List<String> before = table.segments();
    long bytes = table.window(0).sources().stream().mapToLong(Source::bytes).sum();

    table.leaveToMerges(0);
    assertThat(table.maintenance().compactDue()).isFalse();
    assertThat(table.segments()).isEqualTo(before);
    table.leaveToMerges(bytes);
    assertThat(table.maintenance().compactDue()).isTrue();

    assertThat(stages(0)).containsExactly(Stage.LEVEL_1);
    assertThat(table.segments()).hasSize(1);
  }

  @Test
  void windowThatIsDue_hasSomeOfItsSourcesJoined_whereThereIsRoomForThese() {
    for (int i = 0; i < 13; i++) {
      table.put(i, 0, 100);
      flush(table.seal(0));
    }
    List<Source> before = table.window(0).sources();

    table.leaveToMerges(4 * before.get(1).bytes());
    assertThat(table.maintenance().compactDue()).isTrue();

    assertThat(table.window(0).sources()).hasSize(12);
    assertThat(table.maintenance().compactDue()).as("now there are not too many").isFalse();
  }

  @Test
  void flushThatRunsOutOfMemory_hasFlushedWhatCameBefore() {
    table.put(1, 0, 100);
    for (int i = 0; i < 100; i++) {
      table.put(i, HandMadeTable.WIDTH, 10_000);
    }
    SealedRun.Part small = table.seal(0);
    SealedRun.Part large = table.seal(HandMadeTable.WIDTH);
    pool.trim();
    new MemoryAccount(pool).reserveHeap(pool.availableBytes() - (256 << 10));

    assertThatThrownBy(() -> flush(small, large)).isInstanceOf(MemoryBudgetExceededException.class);

    assertThat(stages(0)).containsExactly(Stage.LEVEL_1);
    assertThat(stages(HandMadeTable.WIDTH)).containsExactly(Stage.SEALED);
    assertThat(table.segments()).hasSize(1);
  }

  /** What a published segment replaces is free, so the next one has room. */
  @Test
  void flushOfManyWindows_takesRoomForAFewAtATime() {
    int windows = 20;
    SealedRun.Part[] parts = new SealedRun.Part[windows];
    for (int window = 0; window < windows; window++) {
      for (int i = 0; i < 40; i++) {
        table.put(i, window * HandMadeTable.WIDTH, 10_000);
      }
      parts[window] = table.seal(window * HandMadeTable.WIDTH);
    }
    pool.trim();
    new MemoryAccount(pool).reserveHeap(pool.availableBytes() - (700 << 10));

    flush(parts);

    for (int window = 0; window < windows; window++) {
      assertThat(stages(window * HandMadeTable.WIDTH)).containsExactly(Stage.LEVEL_1);
    }
  }

  @Test
  void sourcesOfWhichAllIsDeleted_leaveWithoutMemory() {
    flushedAt(0);
    flushedAt(10);
    table.put(1, 20, 100);
    table.seal(0);
    table.put(1, 30, 100);
    table.delete(5, 29);
    table.raiseFloor(5);
    new MemoryAccount(pool).reserveHeap(pool.availableBytes());

    table.maintenance().dropDeleted();

    assertThat(stages(0)).containsExactly(Stage.ACTIVE);
    assertThat(table.segments()).isEmpty();
  }

  @Test
  void sourcesThatHaveAVisibleEntry_stay() {
    flushedAt(0, 9);
    flushedAt(10, 20);
    table.put(1, 30, 100);
    table.put(1, 40, 100);
    table.seal(0);
    table.delete(11, 30);
    table.raiseFloor(9);

    table.maintenance().dropDeleted();

    assertThat(stages(0)).containsExactly(Stage.LEVEL_1, Stage.LEVEL_0, Stage.SEALED);
  }

  /** They may hide rows of other times. */
  @Test
  void sourceWithTombstones_stays() {
    flushedAt(0);
    table.put(1, 10, 100);
    table.putTombstone(1, 10);
    flush(table.seal(10));
    table.delete(0, HandMadeTable.WIDTH - 1);

    table.maintenance().dropDeleted();

    assertThat(stages(0)).containsExactly(Stage.LEVEL_0);
  }

  @Test
  void segmentsOfARunOfWhichAllIsDeleted_leaveAlone() {
    try (HandMadeTable bounded = new HandMadeTable("bounded", memory, 4_000)) {
      for (int i = 0; i < 20; i++) {
        bounded.put(i, i, 1_000);
      }
      bounded.maintenance().flush(List.of(bounded.seal(0)));
      List<Segment> before = bounded.window(0).sources().get(0).segments();
      assertThat(before).hasSizeGreaterThan(4);
      bounded.raiseFloor(before.get(2).maxTimestamp());

      bounded.maintenance().dropDeleted();

      assertThat(bounded.window(0).sources().get(0).segments())
          .isEqualTo(before.subList(2, before.size()));
      assertThat(bounded.segments()).hasSize(before.size() - 2);
    }
  }

  /** With too little memory for a merge of the whole window. */
  @Test
  void runsOfAWindowThatDoesNotFit_areJoined_andHideWhatTheyHid() {
    try (HandMadeTable bounded = new HandMadeTable("bounded", memory, 256 << 10)) {
      for (int key = 0; key < 400; key++) {
        bounded.put(key, 0, 10_000);
      }
      bounded.maintenance().flush(List.of(bounded.seal(0)));
      for (int run = 0; run < 40; run++) {
        bounded.put(1_000 + run, 0, 1_000);
        bounded.putTombstone(run, 0);
        bounded.maintenance().flush(List.of(bounded.seal(0)));
      }
      pool.trim();
      new MemoryAccount(pool).reserveHeap(pool.availableBytes() - (1 << 20));

      assertThat(bounded.maintenance().joinNext(1 << 20)).isTrue();
      assertThat(bounded.maintenance().joinNext(1 << 20)).isFalse();

      List<Source> sources = bounded.window(0).sources();
      assertThat(sources.stream().map(Source::stage)).containsExactly(Stage.LEVEL_1, Stage.LEVEL_0);
      assertThat(sources.get(1).rowCount()).isEqualTo(80);
      assertThat(sources.get(1).entryCount()).isEqualTo(40);
    }
  }

  @Test
  void runs_areNotJoinedWhereNoRoomForASegmentWouldBeLeft() {
    try (HandMadeTable bounded = new HandMadeTable("bounded", memory, 256 << 10)) {
      for (int run = 0; run < 40; run++) {
        bounded.put(run, 0, 1_000);
        bounded.maintenance().flush(List.of(bounded.seal(0)));
      }

      assertThat(bounded.maintenance().joinNext((512 << 10) - 1)).isFalse();
      assertThat(bounded.maintenance().joinNext(512 << 10)).isTrue();
    }
  }

  private void flushedAt(long... timestamps) {
    for (long timestamp : timestamps) {
      table.put(1, timestamp, 100);
    }
    flush(table.seal(0));
  }

  @Test
  void mergeThatFreesLittle_isDone_andNotSaidToBeOfUse() {
    for (int segment = 0; segment < 2; segment++) {
      for (int i = 0; i < 100; i++) {
        table.put(100 * segment + i, 0, 1_000);
      }
      flush(table.seal(0));
    }

    assertThat(table.maintenance().compactSmallest(Long.MAX_VALUE)).isFalse();

    assertThat(stages(0)).containsExactly(Stage.LEVEL_1);
    assertThat(source(0, 0).rowCount()).isEqualTo(200);
  }

  @Test
  void mergeThatFindsNoMemory_isNotTriedAgainWithAsMuch() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 100; i++) {
        table.put(i, 0, 1_000);
      }
      flush(table.seal(0));
    }
    int[] tried = {0};
    table.beforeSegment(() -> tried[0]++);
    pool.trim();
    MemoryAccount others = new MemoryAccount(pool);
    long taken = pool.availableBytes() - 1_000;
    others.reserveHeap(taken);

    assertThat(table.maintenance().compactSmallest(1 << 20)).isFalse();
    assertThat(table.maintenance().compactSmallest(1 << 20)).isFalse();
    assertThat(tried[0]).isOne();

    others.releaseHeap(taken);
    assertThat(table.maintenance().compactSmallest(Long.MAX_VALUE)).isTrue();
    assertThat(source(0, 0).rowCount()).isEqualTo(100);
  }

  /** Before a view has the segments of a flush, nobody has them but who was told. */
  @Test
  void exportThatLetsGoInTheMiddleOfAFlush_takesNothingFromTheTable() {
    table.put(1, 0, 100);
    SealedRun.Part part = table.seal(0);
    part.source()
        .watch(
            new FlushWatch() {
              @Override
              public Tombstones tombstones() {
                return table.view().tombstones();
              }

              @Override
              public long floor() {
                return Long.MIN_VALUE;
              }

              @Override
              public boolean hasOlderSources() {
                return false;
              }

              @Override
              public void flushed(@Nullable Source output) {
                Source segments = Objects.requireNonNull(output);
                segments.retain();
                segments.release();
              }
            });

    flush(part);

    assertThat(source(0, 0).segments().get(0).page(0).rowCount()).isOne();
  }

  private void flush(SealedRun.Part... parts) {
    table.maintenance().flush(List.of(parts));
  }

  private List<Stage> stages(long timestamp) {
    return table.window(timestamp).sources().stream().map(Source::stage).toList();
  }

  private Source source(long timestamp, int place) {
    return table.window(timestamp).sources().get(place);
  }
}
