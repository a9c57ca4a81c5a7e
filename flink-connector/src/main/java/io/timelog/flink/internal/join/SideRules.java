package io.timelog.flink.internal.join;

import io.timelog.flink.internal.stream.TimerKind;

/**
 * What holds for one side of an interval join.
 *
 * @param interval where partners lie
 * @param outer whether rows without a partner are results
 * @param decided the timer that says that a row has had its last chance of a partner
 * @param keepMillis how long rows are needed
 */
record SideRules(JoinInterval interval, boolean outer, TimerKind decided, long keepMillis) {
  static SideRules ofLeft(JoinInterval interval, JoinKind kind) {
    return new SideRules(
        interval,
        kind.hasAllOfLeft(),
        TimerKind.LEFT_DECIDED,
        keepMillis(interval, kind.hasAllOfLeft(), kind.hasAllOfRight()));
  }

  static SideRules ofRight(JoinInterval interval, JoinKind kind) {
    JoinInterval reversed = interval.reversed();
    return new SideRules(
        reversed,
        kind.hasAllOfRight(),
        TimerKind.RIGHT_DECIDED,
        keepMillis(reversed, kind.hasAllOfRight(), kind.hasAllOfLeft()));
  }

  /**
   * A row is needed until the last partner may have come; in an outer join also until it is decided
   * of its partners, of which the last is {@code upper} behind it, whether they had one.
   */
  private static long keepMillis(JoinInterval interval, boolean outer, boolean otherOuter) {
    long own = interval.waitMillis() + (outer ? 1 : 0);
    long others = interval.upper() + interval.reversed().waitMillis() + 1;
    return otherOuter ? Math.max(own, others) : own;
  }
}
