package io.timelog;

import java.io.Serializable;

/**
 * How a memory budget was used when it refused an operation.
 *
 * @param requestedBytes bytes that were asked for at once
 * @param usedBytes bytes used of the budget, by all of its stores
 * @param limitBytes the budget
 * @param keptBytes bytes of the budget that new entries leave free, whoever uses them: what
 *     removals and overwrites need, and what sealed entries need to be flushed; 0 if that is not
 *     known
 * @param heldByReadersBytes about how many bytes of the store are held only because of open cursors
 *     and snapshots
 * @param oldestReaderNanos for how many nanoseconds the oldest open reader has seen a past that was
 *     written over since; 0 if there is none
 * @param otherStoresBytes bytes used by other stores of the budget
 */
public record MemoryUse(
    long requestedBytes,
    long usedBytes,
    long limitBytes,
    long keptBytes,
    long heldByReadersBytes,
    long oldestReaderNanos,
    long otherStoresBytes)
    implements Serializable {}
