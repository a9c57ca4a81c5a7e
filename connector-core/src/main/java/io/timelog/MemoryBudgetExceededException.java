package io.timelog;

/**
 * The memory budget has no room for an operation, even after flush and compaction.
 *
 * <p>A write that ends so was <em>not</em> accepted and changed nothing. A flush or compaction that
 * ends so leaves what it has not got to as it was: in memory, readable, and still to be flushed.
 *
 * <p>Delete old entries, close snapshots and cursors that are no longer read, or give the store a
 * larger {@link MemoryBudget}; then the operation may be tried again.
 */
public final class MemoryBudgetExceededException extends TimelogException {
  private static final long serialVersionUID = 1L;

  /** For a request of {@code requestedBytes} against {@code usedBytes} of {@code limitBytes}. */
  public MemoryBudgetExceededException(long requestedBytes, long usedBytes, long limitBytes) {
    super(
        "The memory budget is exhausted and the operation was not carried out: requestedBytes="
            + requestedBytes
            + ", usedBytes="
            + usedBytes
            + ", limitBytes="
            + limitBytes
            + ". Delete old entries, close snapshots and cursors, or enlarge the MemoryBudget.");
  }
}
