package io.timelog.integration.flink.job;

import io.timelog.flink.streams.IntervalJoin;

/** Of which sides of a join readings without a partner are among the results. */
enum JoinSides {
  NEITHER(false, false) {
    @Override
    <L, R, K> IntervalJoin<L, R, K> of(IntervalJoin<L, R, K> join) {
      return join;
    }
  },
  LEFT(true, false) {
    @Override
    <L, R, K> IntervalJoin<L, R, K> of(IntervalJoin<L, R, K> join) {
      return join.leftOuter();
    }
  },
  RIGHT(false, true) {
    @Override
    <L, R, K> IntervalJoin<L, R, K> of(IntervalJoin<L, R, K> join) {
      return join.rightOuter();
    }
  },
  BOTH(true, true) {
    @Override
    <L, R, K> IntervalJoin<L, R, K> of(IntervalJoin<L, R, K> join) {
      return join.fullOuter();
    }
  };

  private final boolean left;
  private final boolean right;

  JoinSides(boolean left, boolean right) {
    this.left = left;
    this.right = right;
  }

  boolean haveLeft() {
    return left;
  }

  boolean haveRight() {
    return right;
  }

  /** Makes a join one of this kind. */
  abstract <L, R, K> IntervalJoin<L, R, K> of(IntervalJoin<L, R, K> join);
}
