package io.timelog;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The memory budget has no room for an operation, even after everything was done to make some.
 *
 * <p>A write that ends so was <em>not</em> accepted and changed nothing. A flush or compaction that
 * ends so leaves what it has not got to as it was: in memory, readable, and still to be flushed.
 *
 * <p>The {@link #reason()} says what would help; then the operation may be tried again.
 */
public final class MemoryBudgetExceededException extends TimelogException {
  private static final long serialVersionUID = 1L;

  /** What stands in the way of an operation. */
  public enum Reason {
    /** The request is larger than the whole budget: only a larger budget would help. */
    LARGER_THAN_BUDGET("The request is larger than the whole budget. Enlarge the MemoryBudget."),
    /** Open readers hold memory that would suffice: close cursors and snapshots. */
    HELD_BY_READERS(
        "Open readers hold back memory that would suffice; see their age. Close cursors and"
            + " snapshots that are no longer read."),
    /** Other stores use most of the budget. */
    OTHER_STORES(
        "Other stores of the budget use most of it. Delete old entries there, or enlarge the"
            + " MemoryBudget."),
    /** The entries that live fill the budget. */
    FULL("Delete old entries, close cursors and snapshots, or enlarge the MemoryBudget."),
    /**
     * The {@link MemorySource} has no more memory, although the budget has room; its failure is the
     * cause of the exception. With direct memory, raise {@code -XX:MaxDirectMemorySize}.
     */
    SOURCE_EXHAUSTED(
        "Raise -XX:MaxDirectMemorySize above the sum of all budgets of direct memory, give a source"
            + " of your own as much as its budget, or lower the MemoryBudget.");

    private final String advice;

    Reason(String advice) {
      this.advice = advice;
    }
  }

  private final MemoryUse use;
  private final Reason reason;
  private final @Nullable String store;
  private final @Nullable String table;

  /** For a request of {@code requestedBytes} against {@code usedBytes} of {@code limitBytes}. */
  public MemoryBudgetExceededException(long requestedBytes, long usedBytes, long limitBytes) {
    this(withoutOwner(requestedBytes, usedBytes, limitBytes), null, null, null, null);
  }

  /**
   * For a source that failed although the budget has room.
   *
   * @param failure what the source threw
   */
  public MemoryBudgetExceededException(
      long requestedBytes, long usedBytes, long limitBytes, Throwable failure) {
    this(
        withoutOwner(requestedBytes, usedBytes, limitBytes),
        Reason.SOURCE_EXHAUSTED,
        null,
        null,
        failure);
  }

  private MemoryBudgetExceededException(
      MemoryUse use,
      @Nullable Reason knownReason,
      @Nullable String store,
      @Nullable String table,
      @Nullable Throwable cause) {
    super(message(store, table, use, knownReason == null ? reasonOf(use) : knownReason), cause);
    this.reason = knownReason == null ? reasonOf(use) : knownReason;
    this.store = store;
    this.table = table;
    this.use = use;
  }

  private static MemoryUse withoutOwner(long requestedBytes, long usedBytes, long limitBytes) {
    return new MemoryUse(requestedBytes, usedBytes, limitBytes, 0, 0, 0, 0);
  }

  /** The same refusal, of an operation on a table, with more about the use of the budget. */
  public MemoryBudgetExceededException on(String ofStore, String ofTable, MemoryUse more) {
    return reason == Reason.SOURCE_EXHAUSTED
        ? new MemoryBudgetExceededException(more, reason, ofStore, ofTable, getCause())
        : new MemoryBudgetExceededException(more, null, ofStore, ofTable, this);
  }

  private static Reason reasonOf(MemoryUse use) {
    if (use.requestedBytes() > use.limitBytes()) {
      return Reason.LARGER_THAN_BUDGET;
    }
    long missing = use.requestedBytes() + use.keptBytes() - (use.limitBytes() - use.usedBytes());
    if (use.heldByReadersBytes() > 0 && use.heldByReadersBytes() >= missing) {
      return Reason.HELD_BY_READERS;
    }
    return use.otherStoresBytes() > use.usedBytes() / 2 ? Reason.OTHER_STORES : Reason.FULL;
  }

  private static String message(
      @Nullable String store, @Nullable String table, MemoryUse use, Reason reason) {
    StringBuilder text =
        new StringBuilder(
                reason == Reason.SOURCE_EXHAUSTED
                    ? "The source of memory is exhausted before the budget"
                    : "The memory budget is exhausted")
            .append(" and the operation was not carried out: requestedBytes=")
            .append(use.requestedBytes())
            .append(", usedBytes=")
            .append(use.usedBytes())
            .append(", limitBytes=")
            .append(use.limitBytes());
    if (table != null) {
      text.append(", table=").append(table);
    }
    if (store != null) {
      text.append(", store=")
          .append(store)
          .append(", keptBytes=")
          .append(use.keptBytes())
          .append(", heldByReadersBytes=")
          .append(use.heldByReadersBytes())
          .append(", oldestReaderAgeMillis=")
          .append(TimeUnit.NANOSECONDS.toMillis(use.oldestReaderNanos()))
          .append(", otherStoresBytes=")
          .append(use.otherStoresBytes());
    }
    return text.append(". ").append(reason.advice).toString();
  }

  /** What stands in the way. */
  public Reason reason() {
    return reason;
  }

  /** How the budget was used. */
  public MemoryUse use() {
    return use;
  }

  /** The store that was refused; null if it is not known. */
  public @Nullable String store() {
    return store;
  }

  /** The table that was refused; null if it is not known. */
  public @Nullable String table() {
    return table;
  }

  /** Bytes that were asked for at once. */
  public long requestedBytes() {
    return use.requestedBytes();
  }
}
