package io.timelog.flink.internal.join;

/** Which rows without a partner are among the results of a join. */
public enum JoinKind {
  /** None. */
  INNER(false, false),
  /** Those of the left side. */
  LEFT(true, false),
  /** Those of the right side. */
  RIGHT(false, true),
  /** All. */
  FULL(true, true);

  private final boolean left;
  private final boolean right;

  JoinKind(boolean left, boolean right) {
    this.left = left;
    this.right = right;
  }

  /** Whether rows of the left side without a partner are results. */
  public boolean hasAllOfLeft() {
    return left;
  }

  /** Whether rows of the right side without a partner are results. */
  public boolean hasAllOfRight() {
    return right;
  }
}
