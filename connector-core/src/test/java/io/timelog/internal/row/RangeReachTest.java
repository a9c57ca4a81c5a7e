package io.timelog.internal.row;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RangeReachTest {
  @Test
  void rangesThatReachFar_mayBeginAsFarBefore() {
    assertThat(RangeReach.firstCovering(100, RangeReach.of(20, 30), 0)).isEqualTo(90);
    assertThat(RangeReach.firstCovering(100, RangeReach.of(20, 20), 0)).isEqualTo(100);
  }

  @Test
  void noRange_beginsBeforeTheWindow() {
    assertThat(RangeReach.firstCovering(100, 10, 95)).isEqualTo(95);
    assertThat(RangeReach.firstCovering(100, RangeReach.UNKNOWN, 7)).isEqualTo(7);
    assertThat(RangeReach.firstCovering(3, 10, 7)).isEqualTo(3);
  }

  @Test
  void distancesBeyondTheNumbers_areUnknown() {
    long all = RangeReach.of(Long.MIN_VALUE, Long.MAX_VALUE);

    assertThat(all).isEqualTo(RangeReach.UNKNOWN);
    assertThat(RangeReach.firstCovering(Long.MAX_VALUE, all, Long.MIN_VALUE))
        .isEqualTo(Long.MIN_VALUE);
    assertThat(RangeReach.firstCovering(Long.MAX_VALUE, 5, Long.MIN_VALUE))
        .isEqualTo(Long.MAX_VALUE - 5);
  }
}
