package io.timelog.internal.engine;

import io.timelog.internal.memory.Purpose;

/**
 * One kind of write to one table. Its arguments are set between {@link Writes#begin} and {@link
 * Writes#perform}, so an operation that is made once serves every write of its kind.
 */
abstract class WriteOperation {
  /**
   * Does it. May be called again after it threw.
   *
   * @return whether anything was written
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; nothing changed
   */
  abstract boolean apply();

  /** What it needs memory for. Asked only when the operation found no room. */
  Purpose purpose() {
    return Purpose.NEW_ENTRIES;
  }
}
