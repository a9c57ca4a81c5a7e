package io.timelog.internal.engine;

import io.timelog.BusyPolicy;
import io.timelog.CommitLog;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.upkeep.MaintenanceThreads;

/**
 * Settings of one store, already validated by the public builders.
 *
 * @param name appears in messages and in the names of threads
 * @param budget the memory of the store, shared with others
 * @param pool what stands behind the budget
 * @param maintenance whether the store is maintained in the background from the beginning
 * @param maintenanceThreads maintain the store in the background, and perhaps others
 * @param memtableMaxBytes the memtables of all tables together are sealed at this size
 * @param targetPageBytes length of a page of a segment, in bytes
 * @param sealedMaxRuns how many sealed runs may wait for a flush before the busy policy speaks
 * @param drainBatchLimit how many dropped entries a write or a maintenance step reports at most
 * @param commitLog what a commit writes
 * @param logMaxBytes if the log is longer, some of it is flushed
 * @param maxOpenFiles how many files of segments stay open for reading
 * @param codecs compress what goes into files, and decompress what comes from there
 */
public record StoreSettings(
    String name,
    MemoryBudget budget,
    BufferPool pool,
    Maintenance maintenance,
    MaintenanceThreads maintenanceThreads,
    BusyPolicy busyPolicy,
    long memtableMaxBytes,
    int targetPageBytes,
    int sealedMaxRuns,
    int drainBatchLimit,
    CommitLog commitLog,
    long logMaxBytes,
    int maxOpenFiles,
    PageCodecs codecs) {}
