package io.timelog.flink.internal.table;

/**
 * Whether a table of lists may have rows that are no elements, but stand for a list without any or
 * for null. Where it has none, as with nearly all jobs, its rows can be counted instead of read.
 * For the task's thread.
 */
public final class Marks {
  private boolean noted;

  /** Notes that there may be some from now on; nobody counts them, so this is for good. */
  public void note() {
    noted = true;
  }

  /** Whether there may be some. */
  public boolean mayExist() {
    return noted;
  }
}
