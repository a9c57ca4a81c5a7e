package io.timelog.benchmarks.spill;

import io.timelog.benchmarks.workload.Percentiles;

/**
 * What scans of one length cost.
 *
 * @param entries that all of them have read
 * @param wallNanos of all of them, by the clock
 * @param cpuNanos of all of them, of the reading thread
 * @param latency of one
 */
public record ScanCost(long entries, long wallNanos, long cpuNanos, Percentiles latency) {
  /** By the clock, for each entry that was read. */
  public double wallPerEntry() {
    return (double) wallNanos / Math.max(1, entries);
  }

  /** CPU of the reading thread, for each entry that was read. */
  public double cpuPerEntry() {
    return (double) cpuNanos / Math.max(1, entries);
  }
}
