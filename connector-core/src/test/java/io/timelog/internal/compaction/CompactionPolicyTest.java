package io.timelog.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.upkeep.HandMadeTable;
import io.timelog.internal.upkeep.Rounds;
import io.timelog.internal.upkeep.SealedRun;
import io.timelog.internal.upkeep.SealedRuns;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CompactionPolicyTest {
  private static final long NO_FLOOR = Long.MIN_VALUE;

  private final MemoryAccount memory = new MemoryAccount(new BufferPool(64 << 20));
  private final HandMadeTable table = new HandMadeTable("t", memory);
  private final SealedRuns runs = new SealedRuns(bytes -> {});
  private final Rounds rounds = new Rounds("store", () -> List.of(table), runs, bytes -> {}, 1);

  @AfterEach
  void free() {
    table.close();
  }

  @Test
  void windowWithManySmallSegments_isDue() {
    segments(0, 1, 10);
    segments(0, 3, 10);
    assertThat(CompactionPolicy.due(table.view())).isEmpty();

    segments(0, 1, 10);

    assertThat(CompactionPolicy.due(table.view())).containsExactly(table.window(0));
  }

  @Test
  void windowWhoseNewSegmentsAreSmallBesideTheOldOne_isDueOnlyWhenTheyAreVeryMany() {
    segments(0, 1, 500);
    segments(0, 11, 1);
    assertThat(CompactionPolicy.due(table.view())).isEmpty();

    segments(0, 1, 1);

    assertThat(CompactionPolicy.due(table.view())).containsExactly(table.window(0));
  }

  @Test
  void windowWithMostSources_isDueFirst() {
    segments(0, 5, 10);
    segments(100, 8, 10);
    segments(200, 1, 10);

    assertThat(CompactionPolicy.due(table.view()))
        .containsExactly(table.window(100), table.window(0));
  }

  @Test
  void sourcesOfAWindow_areJoinedWhenTheyAreVeryMany_asFarAsTheyFit() {
    segments(0, 1, 500);
    segments(0, 11, 10);
    assertThat(CompactionPolicy.toJoin(table.window(0), Long.MAX_VALUE)).isEmpty();

    segments(0, 1, 10);

    List<Source> sources = table.window(0).sources();
    long each = sources.get(1).bytes();
    assertThat(CompactionPolicy.toJoin(table.window(0), Long.MAX_VALUE))
        .isEqualTo(sources.subList(1, 13));
    assertThat(CompactionPolicy.toJoin(table.window(0), 3 * each)).hasSize(3);
    assertThat(CompactionPolicy.toJoin(table.window(0), each)).isEmpty();
  }

  @Test
  void sourceThatIsLargerThanTheOthersTogether_isNotJoinedWithThem() {
    segments(0, 1, 10);
    segments(0, 1, 500);
    segments(0, 11, 1);

    assertThat(CompactionPolicy.toJoin(table.window(0), Long.MAX_VALUE))
        .isEqualTo(table.window(0).sources().subList(2, 13));
  }

  @Test
  void explicitCompaction_takesWindowsWithSeveralSegments_orWithSomethingHidden() {
    segments(0, 1, 10);
    segments(100, 2, 10);
    segments(200, 1, 10);
    TableView view = table.view();

    assertThat(CompactionPolicy.all(view, NO_FLOOR)).containsExactly(table.window(100));
    assertThat(CompactionPolicy.all(view, 5)).containsExactly(table.window(0), table.window(100));
    assertThat(CompactionPolicy.all(deleted(210, 220), NO_FLOOR))
        .containsExactly(table.window(100), table.window(200));
  }

  @Test
  void oneSegmentWithNothingHidden_cannotGetSmaller() {
    segments(0, 1, 10);

    assertThat(smallestFirst(table.view())).isEmpty();
  }

  @Test
  void windowThatTakesWrites_mayHideRowsOfAMap() {
    segments(0, 1, 10);
    table.put(1, 0, 10);

    CompactionPolicy.Candidate candidate = smallestFirst(table.view()).get(0);

    assertThat(candidate.window()).isEqualTo(table.window(0));
    assertThat(candidate.count()).isOne();
    assertThat(CompactionPolicy.smallestFirst(table.view(), NO_FLOOR, Rule.MULTIMAP)).isEmpty();
  }

  @Test
  void windowThatOnlyTakesWrites_hasNothingToMerge() {
    table.put(1, 0, 10);
    table.put(1, 0, 10);

    assertThat(smallestFirst(table.view())).isEmpty();
  }

  @Test
  void moreNewerRows_leaveLessOfTheOlderOnes() {
    segments(0, 1, 10);
    long all = table.window(0).sources().get(0).bytesAlive();
    table.put(0, 0, 10);
    long few = smallestFirst(table.view()).get(0).leastBytes();
    for (int i = 1; i < 5; i++) {
      table.put(i, i, 10);
    }
    long half = smallestFirst(table.view()).get(0).leastBytes();
    for (int i = 5; i < 20; i++) {
      table.put(i, i, 10);
    }

    assertThat(few).isBetween(all * 8 / 10, all);
    assertThat(half).isBetween(all * 4 / 10, all * 6 / 10);
    assertThat(smallestFirst(table.view()).get(0).leastBytes()).isZero();
  }

  @Test
  void tombstone_mayHideEverythingThatIsOlder() {
    segments(0, 1, 10);
    table.put(1, 0, 10);
    table.putTombstone(2, 0);

    assertThat(smallestFirst(table.view()).get(0).leastBytes()).isZero();
  }

  @Test
  void candidateThatNeedsLeast_comesFirst() {
    segments(0, 2, 50);
    segments(100, 2, 10);
    segments(200, 2, 30);

    assertThat(smallestFirst(table.view()))
        .extracting(CompactionPolicy.Candidate::window)
        .containsExactly(table.window(100), table.window(200), table.window(0));
  }

  @Test
  void whatIsSealed_isMergedWithTheSegments() {
    segments(0, 1, 10);
    table.put(1, 0, 10);
    table.seal(0);
    table.put(2, 0, 10);

    CompactionPolicy.Candidate candidate = smallestFirst(table.view()).get(0);

    assertThat(candidate.count()).isEqualTo(2);
    assertThat(table.window(0).sources().get(2).stage()).isEqualTo(Source.Stage.ACTIVE);
  }

  private static List<CompactionPolicy.Candidate> smallestFirst(TableView view) {
    return CompactionPolicy.smallestFirst(view, NO_FLOOR, Rule.MAP);
  }

  private TableView deleted(long first, long last) {
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(first, last, 100));
    List<PartitionWindow> windows = table.view().windows();
    return table.view().withWindowsAndNeededOf(windows, deletes);
  }

  /** Flushes a window so many times, each time with as many entries. */
  private void segments(long timestamp, int count, int entries) {
    for (int segment = 0; segment < count; segment++) {
      for (int i = 0; i < entries; i++) {
        table.put(i, timestamp + i % HandMadeTable.WIDTH, 100);
      }
      runs.add(new SealedRun(List.of(table.seal(timestamp))));
      rounds.flush();
    }
  }
}
