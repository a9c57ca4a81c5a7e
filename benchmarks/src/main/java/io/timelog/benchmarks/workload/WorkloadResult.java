package io.timelog.benchmarks.workload;

/**
 * What one run of a workload on one engine cost. CPU times are means over the events after the
 * warm-up; latencies are wall-clock and from batches of their own, in which every operation is
 * timed.
 *
 * @param engine id of the engine
 * @param checksum over all entries of all scans; equal for equal workloads
 * @param scannedEntries that all scans returned
 * @param appendCpuNanos thread CPU per append
 * @param scanCpuNanos thread CPU per scan
 * @param scannedEntryCpuNanos thread CPU per entry that a scan returned
 * @param evictCpuNanos thread CPU per eviction
 * @param processCpuNanos CPU of all threads per event, without making the input
 * @param wallSeconds from the end of the warm-up to the end, making the input included
 * @param append latency of appends
 * @param scan latency of scans
 * @param evict latency of evictions
 * @param memory growth through the entries that are live at the end
 * @param accountedBytes memory by the engine's own account, or -1
 * @param liveEntries that have not passed the last cutoff
 * @param clockOverheadNanos subtracted from each measured stretch of thread CPU
 */
public record WorkloadResult(
    String engine,
    Workload workload,
    long checksum,
    long scannedEntries,
    double appendCpuNanos,
    double scanCpuNanos,
    double scannedEntryCpuNanos,
    double evictCpuNanos,
    double processCpuNanos,
    double wallSeconds,
    Percentiles append,
    Percentiles scan,
    Percentiles evict,
    MemoryUse memory,
    long accountedBytes,
    long liveEntries,
    long clockOverheadNanos) {}
