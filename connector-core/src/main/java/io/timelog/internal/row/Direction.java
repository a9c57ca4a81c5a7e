package io.timelog.internal.row;

/** Which way a reader walks through an order of keys or of time. */
public enum Direction {
  /** From the smallest to the largest. */
  FORWARD(1),
  /** The exact reverse. */
  BACKWARD(-1);

  private final int step;

  Direction(int step) {
    this.step = step;
  }

  /**
   * 1 forward, -1 backward: what an index is advanced by, and what the result of a comparison is
   * multiplied by.
   */
  public int step() {
    return step;
  }
}
