package io.timelog.internal.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When dropped entries are out of everybody's sight. */
final class RetirementTest {
  private final List<Retirement> unseen = new ArrayList<>();

  @Test
  void entries_areUnseen_whenTheLastViewWithThemIsLetGo() {
    TableView view = view();
    view.tryRetain();

    retireAndReplace(view);

    assertThat(unseen).isEmpty();

    view.release();

    assertThat(unseen).hasSize(1);
  }

  @Test
  void entries_areSeen_asLongAsAnyOlderViewIsHeld_whichMayHaveThemInAnotherSource() {
    TableView oldest = view();
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
    TableView view = view();

    TableView next = retireAndReplace(view);
    next.tryRetain();

    assertThat(unseen).hasSize(1);
  }

  @Test
  void retirements_areToldOldestFirst_whenAnOldViewHeldThemAllBack() {
    TableView oldest = view();
    oldest.tryRetain();
    TableView second = retireAndReplace(oldest);
    retireAndReplace(second);
    assertThat(unseen).isEmpty();

    oldest.release();

    assertThat(unseen).extracting(Retirement::version).containsExactly(1L, 2L);
  }

  @Test
  void delete_thatTouchesNoWindow_dropsNothing() {
    boolean begun = Retirement.begin(view(), 1, 10, 20, unseen::add, () -> {});

    assertThat(begun).isFalse();
  }

  @Test
  void retirement_letsGoOfWhatItHolds_onceItIsReported() {
    List<String> reported = new ArrayList<>();
    TableView view = view();
    Retirement.begin(view, 1, 0, 5, unseen::add, () -> reported.add("reported"));
    replace(view);

    unseen.get(0).free();

    assertThat(reported).containsExactly("reported");
  }

  private long version;

  private TableView retireAndReplace(TableView view) {
    version++;
    Retirement.begin(view, version, 0, 5, unseen::add, () -> {});
    return replace(view);
  }

  private static TableView view() {
    PartitionWindow window = new PartitionWindow(0, 9, List.of());
    return TableView.empty().with(List.of(window));
  }

  private static TableView replace(TableView view) {
    TableView next = view();
    view.replaceBy(next);
    return next;
  }
}
