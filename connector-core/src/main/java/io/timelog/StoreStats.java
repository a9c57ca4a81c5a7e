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
 * @param committedBytes how many bytes were appended to the commit log since the store was opened,
 *     by commits and between them; 0 without a log
 * @param logForces how often the commit log was forced to the disk since the store was opened; 0
 *     without a log
 * @param spilledBytes how many bytes of segments were moved into files since the store was opened,
 *     because memory was short, before they were compressed, if they are; 0 without a directory
 * @param retainedBytes the length of the files of segments, in bytes, of which nothing is in the
 *     store any more and which the last commit still needs; 0 without a directory
 * @param storageFailures how often the file system refused something that is tried again: a commit,
 *     or letting files of the log go
 * @param cacheBytes bytes of the memory budget that have pages and blocks of indexes that were read
 *     from files; they go to whoever needs them more. This and what follows counts for all stores
 *     that share the budget; 0 without a directory
 * @param cacheHits how often a page or block that lies in a file was asked for and was in memory
 * @param cacheMisses how often it was not
 * @param cacheReadBytes bytes of pages and blocks that were read from files, also ahead of a scan;
 *     of compressed ones as many as they were before
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
    long committedBytes,
    long logForces,
    long spilledBytes,
    long retainedBytes,
    long storageFailures,
    long cacheBytes,
    long cacheHits,
    long cacheMisses,
    long cacheReadBytes) {}
