package io.timelog.internal.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.tombstone.Tombstones;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When dropped entries are out of everybody's sight. */
final class RetirementTest {
  private final List<Retirement> unseen = new ArrayList<>();

  @Test
  void entries_areUnseen_whenTheLastViewWithThemIsLetGo() {
    TableView view = TableView.empty();
    view.tryRetain();

    retireAndReplace(view);

    assertThat(unseen).isEmpty();

    view.release();

    assertThat(unseen).hasSize(1);
  }

  @Test
  void entries_areSeen_asLongAsAnyOlderViewIsHeld_whichMayHaveThemInAnotherSource() {
    TableView oldest = TableView.empty();
    oldest.tryRetain();
    TableView flushed = replace(oldest);
    TableView compacted = replace(flushed);

    retireAndReplace(compacted);

    assertThat(unseen).isEmpty();

    oldest.release();

    assertThat(unseen).hasSize(1);
  }

  @Test
  void viewThatWasOpenedAfterTheDrop_doesNotHoldItBack() {
    TableView view = TableView.empty();

    TableView next = retireAndReplace(view);
    next.tryRetain();

    assertThat(unseen).hasSize(1);
  }

  @Test
  void retirements_areToldOldestFirst_whenAnOldViewHeldThemAllBack() {
    TableView oldest = TableView.empty();
    oldest.tryRetain();
    TableView second = retireAndReplace(oldest);
    retireAndReplace(second);
    assertThat(unseen).isEmpty();

    oldest.release();

    assertThat(unseen).extracting(Retirement::sources).hasSize(2);
    assertThat(unseen.get(0).dropped(1, 0)).isTrue();
    assertThat(unseen.get(1).dropped(1, 0)).isFalse();
  }

  /** Of the first retirement, timestamps below 2 were dropped; of the second, those below 1. */
  private long floor = 2;

  private TableView retireAndReplace(TableView view) {
    Retirement.begin(view, List.of(), Tombstones.NONE, floor--, unseen::add);
    return replace(view);
  }

  private static TableView replace(TableView view) {
    TableView next = TableView.empty();
    view.replacedBy(next);
    view.release();
    return next;
  }
}
