package io.timelog.internal.engine;

import io.timelog.internal.drop.ReportingThreads;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.storage.SegmentStorage;
import io.timelog.internal.upkeep.SealedRun;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the tables of a store share.
 *
 * @param journal is told what a commit will have to keep
 * @param segmentNames gives a name that no segment of any store had before
 * @param maxSegmentBytes no segment is larger, unless one row alone is
 * @param whenSealed gets every run that was sealed
 * @param whenDropped called when there is something to report to a drop listener
 * @param reporting the threads that are inside a drop listener
 */
record StoreParts(
    StoreSettings settings,
    WriterGate gate,
    MemoryAccount pool,
    SegmentStorage storage,
    Writes writes,
    Refusals refusals,
    StoreJournal journal,
    Supplier<String> segmentNames,
    long maxSegmentBytes,
    Consumer<SealedRun> whenSealed,
    Runnable whenDropped,
    ReportingThreads reporting) {}
