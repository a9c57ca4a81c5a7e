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
    long dropListenerFailures) {}
