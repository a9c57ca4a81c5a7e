package io.timelog.internal.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A source lives as long as any view that has it, whichever way views replace one another. */
final class TableViewTest {
  private static final long WIDTH = 10;

  private final BufferPool budget = new BufferPool(1 << 20);
  private final MemoryAccount pool = new MemoryAccount(budget);
  private TableView present = TableView.empty();

  @AfterEach
  void nothingIsLeft() {
    replaceBy(TableView.empty());

    assertThat(pool.usedBytes()).isZero();
    pool.close();
  }

  @Test
  void windowThatTheNextViewKeeps_livesOn() {
    PartitionWindow kept = window(0);
    replaceBy(present.withWindows(List.of(kept)));
    long bytes = pool.usedBytes();

    replaceBy(present.withWindows(List.of(kept)));

    assertThat(pool.usedBytes()).isEqualTo(bytes);
  }

  @Test
  void windowsThatTheNextViewLeavesOut_areFreed() {
    replaceBy(present.withWindows(List.of(window(0), window(1), window(2))));
    long bytes = pool.usedBytes();

    replaceBy(present.withoutOldest(2, present.tombstones()));

    assertThat(present.windowCount()).isEqualTo(1);
    assertThat(pool.usedBytes()).isEqualTo(bytes / 3);
  }

  @Test
  void windowThatIsLeftOut_isFreedOnlyWhenTheLastReaderOfItsViewLeaves() {
    replaceBy(present.withWindows(List.of(window(0), window(1))));
    long bytes = pool.usedBytes();
    TableView read = present;
    read.tryRetain();

    replaceBy(present.withoutOldest(1, present.tombstones()));
    assertThat(pool.usedBytes()).isEqualTo(bytes);

    read.release();
    assertThat(pool.usedBytes()).isEqualTo(bytes / 2);
  }

  @Test
  void readerOfAnOldView_doesNotHoldWhatCameAfterIt() {
    TableView read = present;
    read.tryRetain();
    replaceBy(present.withWindows(List.of(window(0))));

    replaceBy(present.withoutOldest(1, present.tombstones()));

    assertThat(pool.usedBytes()).isZero();
    read.release();
  }

  @Test
  void sourceThatStandsInTwoFormsOfAWindow_livesOn() {
    PartitionWindow before = window(0);
    replaceBy(present.withWindows(List.of(before)));
    long bytes = pool.usedBytes();

    replaceBy(present.withWindows(List.of(before.plus(source(0)))));
    assertThat(pool.usedBytes()).isEqualTo(2 * bytes);

    replaceBy(present.withWindows(List.of(before)));
    assertThat(pool.usedBytes()).isEqualTo(bytes);
  }

  @Test
  void viewThatIsReplaced_cannotBeRetainedAnyMore() {
    TableView old = present;

    replaceBy(present.withWindows(List.of(window(0))));

    assertThat(old.tryRetain()).isFalse();
  }

  @Test
  void deleteThatHidesNothingInTheWindowsLeft_isForgotten() {
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(2, 13, 7));

    replaceBy(present.withWindowsAndNeededOf(List.of(window(0), window(1), window(2)), deletes));
    assertThat(present.tombstones().list()).hasSize(1);

    replaceBy(present.withoutOldest(2, present.tombstones()));
    assertThat(present.tombstones().isEmpty()).isTrue();
  }

  private void replaceBy(TableView next) {
    present.replaceBy(next);
    present = next;
  }

  private PartitionWindow window(int number) {
    long first = number * WIDTH;
    return new PartitionWindow(first, first + WIDTH - 1, List.of(source(number)));
  }

  private Source source(int number) {
    long first = number * WIDTH;
    return Source.active(
        new MemtableWindow(
            first, first + WIDTH - 1, 0, KeyGroups.NONE, WindowIndex.KEY, pool, null));
  }
}
