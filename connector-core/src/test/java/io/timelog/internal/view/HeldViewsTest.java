package io.timelog.internal.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** For how long readers have kept replaced views. */
final class HeldViewsTest {
  private final TableView first = TableView.empty();
  private final TableView second = TableView.empty();
  private final TableView third = TableView.empty();
  private final HeldViews held = new HeldViews(first);

  private void replace(TableView old, TableView next) {
    old.replaceBy(next);
    held.prune();
  }

  @Test
  void present_hasNoAge_whoeverHoldsIt() {
    assertThat(first.tryRetain()).isTrue();

    assertThat(held.oldestAgeNanos()).isZero();
  }

  @Test
  void replacedView_thatNobodyHolds_hasNoAge() {
    replace(first, second);
    replace(second, third);

    assertThat(held.oldestAgeNanos()).isZero();
  }

  @Test
  void replacedView_hasAnAge_untilItsReaderLeaves() {
    assertThat(first.tryRetain()).isTrue();
    replace(first, second);
    replace(second, third);
    assertThat(held.oldestAgeNanos()).isPositive();

    first.release();

    assertThat(held.oldestAgeNanos()).isZero();
  }

  @Test
  void oldestOfSeveralReaders_countsFirst_thenTheNext() {
    assertThat(first.tryRetain()).isTrue();
    replace(first, second);
    assertThat(second.tryRetain()).isTrue();
    replace(second, third);
    long ofTheFirst = held.oldestAgeNanos();
    first.release();
    long ofTheSecond = held.oldestAgeNanos();

    assertThat(ofTheSecond).isPositive();
    assertThat(held.oldestAgeNanos()).isGreaterThanOrEqualTo(ofTheSecond);
    assertThat(ofTheFirst).isPositive();
    second.release();
    assertThat(held.oldestAgeNanos()).isZero();
  }
}
