package io.timelog.benchmarks.churn;

/**
 * What one pattern cost one engine at one size in one round.
 *
 * @param engine id of the engine
 * @param pattern id of the pattern
 * @param multiple of the smallest size: 1, 2, 4 or 8
 * @param size which is n times {@code multiple}
 * @param cpuNanos CPU time of the calling thread per operation
 * @param processCpuNanos CPU time of all threads per operation; the clock has steps of 10 ms
 * @param heldBytes in the end: live heap and direct buffers; for RocksDB files, and what it says
 *     that it holds in memory
 * @param accountedBytes memory by the engine's own account, or -1
 * @param liveBytes of the keys, timestamps, subkeys and values that live in the end
 * @param checksum of all that was read and of what lives in the end; equal for equal work
 * @param refusedAt the first operation of those in whose batch the memory budget had no room, after
 *     which the pattern was given up; -1 if there was none
 * @param outOfTimeAt the operations that were done when the time for them was over, so that an
 *     operation costs more than this on average; -1 if it was not
 */
public record ChurnCost(
    String engine,
    String pattern,
    int multiple,
    int size,
    double cpuNanos,
    double processCpuNanos,
    long heldBytes,
    long accountedBytes,
    long liveBytes,
    long checksum,
    int refusedAt,
    int outOfTimeAt) {
  /** Whether the engine did all of the work. */
  public boolean didAll() {
    return refusedAt < 0 && outOfTimeAt < 0;
  }

  /** Whether the engine refused an operation. */
  public boolean wasRefused() {
    return refusedAt >= 0;
  }

  /** Whether the engine was too slow to do all of the work. */
  public boolean wasTooSlow() {
    return outOfTimeAt >= 0;
  }
}
