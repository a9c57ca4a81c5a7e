package io.timelog;

/**
 * A store in numbers, taken without stopping anybody.
 *
 * @param budgetUsedBytes bytes used of the memory budget, by all stores that share it
 * @param budgetLimitBytes the memory budget
 * @param pooledBytes bytes of free buffers that the budget keeps for all of its stores, part of the
 *     used ones
 * @param sealedRuns sealed runs that wait for a flush
 * @param openReaders open cursors, snapshots and exports
 * @param flushes runs flushed so far
 * @param compactions compactions so far
 * @param maintenanceNanos nanoseconds spent in flushes and compactions so far, on whichever thread
 * @param busyWrites writes that met more sealed runs than allowed
 * @param retiredQueueLength deletes whose dropped entries are still to be reported
 * @param dropListenerFailures how often a drop listener threw
 * @param uncommittedBytes about how much was written since the last commit and is in memory only,
 *     in bytes as the commit log has it; 0 without a log
 * @param logBytes the length of the commit log, in bytes: what the next opening would have to do
 *     again, and more; 0 without a log
 * @param retainedBytes the length of the files of segments, in bytes, of which nothing is in the
 *     store any more and which the last commit still needs; 0 without a directory
 * @param storageFailures how often the file system refused something that is tried again: a commit,
 *     or letting files of the log go
 */
public record StoreStats(
    long budgetUsedBytes,
    long budgetLimitBytes,
    long pooledBytes,
    int sealedRuns,
    long openReaders,
    long flushes,
    long compactions,
    long maintenanceNanos,
    long busyWrites,
    int retiredQueueLength,
    long dropListenerFailures,
    long uncommittedBytes,
    long logBytes,
    long retainedBytes,
    long storageFailures) {}
