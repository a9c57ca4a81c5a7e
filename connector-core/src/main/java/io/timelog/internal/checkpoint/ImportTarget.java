package io.timelog.internal.checkpoint;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.compaction.WindowMerger;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.storage.SegmentStorage;
import java.util.function.UnaryOperator;

/**
 * Where an import puts the segments of one table.
 *
 * @param storage gets the segments
 * @param memory pays for what is read on the way
 * @param merger writes those of which only a part is wanted; used by several threads at a time
 * @param refusals says of a refusal which table it was about
 */
public record ImportTarget(
    SegmentStorage storage,
    MemoryAccount memory,
    WindowMerger merger,
    UnaryOperator<MemoryBudgetExceededException> refusals) {}
