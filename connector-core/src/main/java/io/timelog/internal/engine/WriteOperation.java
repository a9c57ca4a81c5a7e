package io.timelog.internal.engine;

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

  /**
   * Whether the operation may use the memory that is kept in reserve: it leaves the table no larger
   * than it was. Asked only when the operation found no room.
   */
  boolean mayUseReserve() {
    return false;
  }
}
