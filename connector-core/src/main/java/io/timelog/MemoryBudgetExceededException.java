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

  /** What stands in the way of an operation. */
  public enum Reason {
    /** The budget is used up. */
    FULL,
    /**
     * The {@link MemorySource} has no more memory, although the budget has room; its failure is the
     * cause of the exception. With direct memory, raise {@code -XX:MaxDirectMemorySize}.
     */
    SOURCE_EXHAUSTED
  }

  private final Reason reason;
  private final long requestedBytes;

  /** For a request of {@code requestedBytes} against {@code usedBytes} of {@code limitBytes}. */
  public MemoryBudgetExceededException(long requestedBytes, long usedBytes, long limitBytes) {
    super(
        "The memory budget is exhausted and the operation was not carried out: "
            + numbers(requestedBytes, usedBytes, limitBytes)
            + ". Delete old entries, close snapshots and cursors, or enlarge the MemoryBudget.");
    this.reason = Reason.FULL;
    this.requestedBytes = requestedBytes;
  }

  /** For a source that failed although the budget has room. */
  public MemoryBudgetExceededException(
      long requestedBytes,
      long usedBytes,
      long limitBytes,
      MemorySource source,
      Throwable failure) {
    super(sourceExhausted(numbers(requestedBytes, usedBytes, limitBytes), source), failure);
    this.reason = Reason.SOURCE_EXHAUSTED;
    this.requestedBytes = requestedBytes;
  }

  private static String sourceExhausted(String numbers, MemorySource source) {
    return source == MemorySource.direct()
        ? "The JVM's direct memory is exhausted before the memory budget, and the operation was not"
            + " carried out: "
            + numbers
            + ". Raise -XX:MaxDirectMemorySize above the sum of all budgets, or lower the"
            + " MemoryBudget."
        : "The memory source is exhausted before the memory budget, and the operation was not"
            + " carried out: "
            + numbers
            + ", source="
            + source
            + ". Give the source as much memory as the budget, or lower the MemoryBudget.";
  }

  private static String numbers(long requestedBytes, long usedBytes, long limitBytes) {
    return "requestedBytes="
        + requestedBytes
        + ", usedBytes="
        + usedBytes
        + ", limitBytes="
        + limitBytes;
  }

  /** What stands in the way. */
  public Reason reason() {
    return reason;
  }

  /** Bytes that were asked for at once. */
  public long requestedBytes() {
    return requestedBytes;
  }
}
