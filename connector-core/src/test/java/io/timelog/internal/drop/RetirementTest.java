package io.timelog.internal.drop;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When dropped entries are out of everybody's sight. */
final class RetirementTest {
  private final List<Retirement> unseen = new ArrayList<>();

  private final CurrentView views = new CurrentView();
  private long version;

  RetirementTest() {
    publish(null);
  }

  @Test
  void entries_areUnseen_whenTheLastViewWithThemIsReleased() {
    TableView view = views.retain();

    retire();

    assertThat(unseen).isEmpty();

    view.release();

    assertThat(unseen).hasSize(1);
  }

  @Test
  void entries_areSeen_asLongAsAnyOlderViewIsHeld_whichMayHaveThemInAnotherSource() {
    TableView oldest = views.retain();
    publish(null);
    publish(null);

    retire();

    assertThat(unseen).isEmpty();

    oldest.release();

    assertThat(unseen).hasSize(1);
  }

  @Test
  void viewThatWasOpenedAfterTheDrop_doesNotHoldItBack() {
    retire();

    TableView next = views.retain();

    assertThat(unseen).hasSize(1);
    next.release();
  }

  @Test
  void retirements_areToldOldestFirst_whenAnOldViewHeldThemAllBack() {
    TableView oldest = views.retain();
    retire();
    retire();
    assertThat(unseen).isEmpty();

    oldest.release();

    assertThat(unseen).extracting(Retirement::version).containsExactly(1L, 2L);
  }

  @Test
  void delete_thatTouchesNoWindow_dropsNothing() {
    assertThat(Retirement.of(views.get(), 1, 10, 20, unseen::add, () -> {})).isNull();
  }

  @Test
  void view_thatWasNotPublished_dropsNothing() {
    TableView stale = views.get();
    publish(null);

    assertThat(views.publish(stale, next(), retirement(stale))).isFalse();

    assertThat(unseen).isEmpty();
  }

  @Test
  void retirement_releasesWhatItHolds_onceItIsReported() {
    List<String> reported = new ArrayList<>();
    publish(Retirement.of(views.get(), 1, 0, 5, unseen::add, () -> reported.add("reported")));

    unseen.get(0).free();

    assertThat(reported).containsExactly("reported");
  }

  private void retire() {
    version++;
    publish(retirement(views.get()));
  }

  private @Nullable Retirement retirement(TableView view) {
    return Retirement.of(view, version, 0, 5, unseen::add, () -> {});
  }

  private void publish(@Nullable Retirement retirement) {
    assertThat(views.publish(views.get(), next(), retirement)).isTrue();
  }

  private TableView next() {
    return views.get().withWindows(List.of(new PartitionWindow(0, 9, List.of())));
  }
}
