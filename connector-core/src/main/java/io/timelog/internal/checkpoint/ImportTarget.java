package io.timelog.internal.checkpoint;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.compaction.WindowMerger;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.storage.SegmentInput;
import io.timelog.internal.storage.SegmentStorage;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where an import puts the segments of one table.
 *
 * @param storage gets the segments
 * @param adoption asked first for a segment that a file of the machine has
 * @param memory pays for what is read on the way
 * @param merger writes those of which only a part is wanted; used by several threads at a time
 * @param refusals says of a refusal which table it was about
 */
public record ImportTarget(
    SegmentStorage storage,
    Adoption adoption,
    MemoryAccount memory,
    WindowMerger merger,
    UnaryOperator<MemoryBudgetExceededException> refusals) {

  /** Opens segments where they lie. */
  @FunctionalInterface
  public interface Adoption {
    /** For what comes into memory. */
    Adoption NONE = (name, length, file) -> null;

    /** As {@link SegmentStorage#adopt}. */
    @Nullable SegmentInput adopt(String name, long length, Path file);
  }
}
