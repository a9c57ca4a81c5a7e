package io.timelog.benchmarks.workload;

/**
 * What one engine held in one run.
 *
 * @param engine id of the engine
 * @param liveEntries that had not passed the last cutoff
 * @param live memory with these entries
 * @param accountedBytes the same by the engine's own account, or -1
 * @param emptied memory after an eviction of everything, the engine still open
 * @param accountedBytesEmptied the same by the engine's own account, or -1
 */
public record MemoryResult(
    String engine,
    Workload workload,
    long liveEntries,
    MemoryUse live,
    long accountedBytes,
    MemoryUse emptied,
    long accountedBytesEmptied) {}
