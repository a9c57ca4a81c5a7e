package io.timelog;

/**
 * What a write does when more sealed runs wait for a flush than {@code sealedMaxRuns} allows. The
 * entry is inserted under every policy.
 */
public enum BusyPolicy {
  /** The write inserts the entry and then throws {@link TimelogBusyException}. */
  RAISE,
  /** The write inserts the entry and says nothing; memory grows up to the budget. */
  SILENT,
  /** The write inserts the entry and then flushes on the calling thread. */
  FLUSH
}
