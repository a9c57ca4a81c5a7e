package io.timelog;

/**
 * A log in numbers, taken without stopping anybody.
 *
 * @param entries what the log holds, and where
 * @param engine memory, maintenance and readers
 */
public record TimelogStats(TableStats entries, StoreStats engine) {
  /**
   * About how many entries the log holds: those that are deleted and not yet dropped are counted.
   */
  public long sizeEstimate() {
    return entries.sizeEstimate();
  }

  /** Deletes whose dropped entries are still to be reported. */
  public int retiredQueueLength() {
    return engine.retiredQueueLength();
  }

  /** How often the drop listener threw. */
  public long dropListenerFailures() {
    return engine.dropListenerFailures();
  }
}
