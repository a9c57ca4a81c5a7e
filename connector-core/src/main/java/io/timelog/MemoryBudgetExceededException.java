package io.timelog;

/**
 * The memory budget has no room for a write, even after flush and compaction. The write was
 * <em>not</em> accepted and nothing changed. Delete old entries, close snapshots and cursors that
 * are no longer read, or give the store a larger {@link MemoryBudget}; then the write may be tried
 * again.
 */
public final class MemoryBudgetExceededException extends TimelogException {
  private static final long serialVersionUID = 1L;

  /** For a request of {@code requestedBytes} against {@code usedBytes} of {@code limitBytes}. */
  public MemoryBudgetExceededException(long requestedBytes, long usedBytes, long limitBytes) {
    super(
        "The memory budget is exhausted and the write was not accepted: requestedBytes="
            + requestedBytes
            + ", usedBytes="
            + usedBytes
            + ", limitBytes="
            + limitBytes
            + ". Delete old entries, close snapshots and cursors, or enlarge the MemoryBudget.");
  }
}
