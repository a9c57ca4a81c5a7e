package io.timelog.internal.engine;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.TimelogBusyException;
import io.timelog.internal.drop.ReportingThreads;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memory.Purpose;
import io.timelog.internal.upkeep.Relief;
import java.util.function.LongSupplier;

/**
 * The protocol of every write to a store: who is refused, what happens when memory runs out, and
 * what is looked after when a write is done.
 *
 * <p>For the writer of the store.
 */
final class Writes {
  /*
   * A write begins, is attempted, and ends. Whoever is to be refused because of other threads is refused
   * when it begins; from then on the gate is not left and entered again, so a write that has happened is
   * never reported as refused.
   *
   * An attempt that finds no memory has changed nothing. What makes a table smaller is then attempted
   * with the reserve, because it must be possible when the budget is full. Then memory is relieved, while
   * the gate is claimed and readers come and go, and the write is attempted once more. Another thread that
   * maintains the store, or writes an export of it, may have taken what was freed, so there is a last
   * attempt while all of them are held off.
   *
   * Memory is looked after in the same hold, when a write took some; waiting for maintenance that lags is
   * done after it, so that it keeps nobody out.
   */
  private final WriterGate gate;
  private final MemoryAccount pool;
  private final Relief relief;
  private final StoreMemtables memtables;
  private final Backpressure backpressure;
  private final Refusals refusals;
  private final ReportingThreads reporting;
  private final StoreJournal journal;
  private volatile boolean closed;

  /** Writes to a store. */
  Writes(
      WriterGate gate,
      MemoryAccount pool,
      Relief relief,
      StoreMemtables memtables,
      Backpressure backpressure,
      Refusals refusals,
      ReportingThreads reporting,
      StoreJournal journal) {
    this.journal = journal;
    this.reporting = reporting;
    this.gate = gate;
    this.pool = pool;
    this.relief = relief;
    this.memtables = memtables;
    this.backpressure = backpressure;
    this.refusals = refusals;
  }

  /**
   * Begins a write to a table; {@link #perform} ends it.
   *
   * @throws io.timelog.ConcurrentWriterException if another thread is in the middle of one
   * @throws IllegalStateException if this thread is, if it is inside a drop listener of the store,
   *     if the store is closed, or if the table was dropped
   */
  void begin(TableEngine table) {
    begin();
    if (table.isDropped()) {
      gate.exit();
      throw refusals.dropped(table.name());
    }
  }

  /**
   * Begins a write; {@link #perform} or {@link #end} ends it.
   *
   * @throws io.timelog.ConcurrentWriterException if another thread is in the middle of one
   * @throws IllegalStateException if this thread is, if it is inside a drop listener of the store,
   *     or if the store is closed
   */
  void begin() {
    if (reporting.includeCaller()) {
      throw refusals.reporting();
    }
    gate.enter();
    if (closed) {
      gate.exit();
      throw refusals.closed();
    }
  }

  /** Ends a write that was begun and not performed. */
  void end() {
    gate.exit();
  }

  /**
   * Performs the write that was begun, and ends it, whatever happens.
   *
   * @return whether anything was written
   * @throws MemoryBudgetExceededException if there is no room, also after relief; nothing changed
   */
  boolean performQuietly(String table, WriteOperation operation) {
    try {
      boolean written;
      try {
        written = operation.apply();
      } catch (MemoryBudgetExceededException noRoom) {
        written = attemptAgain(table, operation, noRoom);
      }
      if (written) {
        tend();
      }
      return written;
    } finally {
      gate.exit();
    }
  }

  /** As {@link #performQuietly}, for one of many writes after which {@link #tendClaimed} comes. */
  void performUntended(String table, WriteOperation operation) {
    try {
      operation.apply();
    } catch (MemoryBudgetExceededException noRoom) {
      attemptAgain(table, operation, noRoom);
    } finally {
      gate.exit();
    }
  }

  /** Looks after memory within a claim. */
  void tendClaimed() {
    gate.resume();
    try {
      tend();
    } finally {
      gate.exit();
    }
  }

  private void tend() {
    boolean asked = memtables.tend();
    if (asked || journal.isMuchPending()) {
      long before = gate.pause();
      try {
        journal.writeEarly();
        if (asked) {
          relief.relieveOwn();
        }
      } finally {
        gate.endPause(before);
      }
    }
  }

  /** Frees memory between two writes of one claim, if much is to be written to the log. */
  void writeEarly() {
    if (journal.isMuchPending()) {
      journal.writeEarly();
    }
  }

  /**
   * As {@link #performQuietly}, and does what the busy policy says if maintenance lags.
   *
   * @throws TimelogBusyException if it says so; the write was accepted
   */
  boolean perform(String table, WriteOperation operation) {
    boolean written = performQuietly(table, operation);
    if (written) {
      backpressure.apply();
    }
    return written;
  }

  /**
   * Does what the busy policy says if maintenance lags, after a write within a claim that has
   * ended.
   *
   * @throws TimelogBusyException if it says so; the write was accepted
   */
  void slowDown() {
    backpressure.apply();
  }

  private boolean attemptAgain(
      String table, WriteOperation operation, MemoryBudgetExceededException noRoom) {
    if (noRoom.reason() == MemoryBudgetExceededException.Reason.LARGER_THAN_BUDGET) {
      throw refusals.explained(noRoom, table);
    }
    Purpose purpose = purposeOf(operation);
    if (purpose == Purpose.NO_GROWTH) {
      try {
        return attempt(operation, purpose);
      } catch (MemoryBudgetExceededException notEvenThat) {
        noRoom.addSuppressed(notEvenThat);
      }
    }
    relieve(wanted(purpose, noRoom));
    try {
      return attempt(operation, purpose);
    } catch (MemoryBudgetExceededException still) {
      return attemptUndisturbed(table, operation, purpose, still);
    }
  }

  /**
   * Depends on what is there, which may lie in a file, and its page wants room itself. What cannot
   * be read after relief either is taken for new, which leaves the most room for others.
   */
  private Purpose purposeOf(WriteOperation operation) {
    try {
      return operation.purpose();
    } catch (MemoryBudgetExceededException noRoomToRead) {
      relieve(wanted(Purpose.NEW_ENTRIES, noRoomToRead));
    }
    try {
      return operation.purpose();
    } catch (MemoryBudgetExceededException still) {
      return Purpose.NEW_ENTRIES;
    }
  }

  private boolean attempt(WriteOperation operation, Purpose purpose) {
    Purpose before = pool.begin(purpose);
    try {
      return operation.apply();
    } finally {
      pool.endPurpose(before);
    }
  }

  /** What was freed may have gone to maintenance on another thread: not this time. */
  private boolean attemptUndisturbed(
      String table,
      WriteOperation operation,
      Purpose purpose,
      MemoryBudgetExceededException noRoom) {
    long before = gate.pause();
    try {
      relief.holdOff(wanted(purpose, noRoom));
    } finally {
      gate.endPause(before);
    }
    try {
      return attempt(operation, purpose);
    } catch (MemoryBudgetExceededException still) {
      throw refusals.explained(still, table);
    } finally {
      relief.letGo();
    }
  }

  /** What should be free beside the reserve. */
  private LongSupplier wanted(Purpose purpose, MemoryBudgetExceededException noRoom) {
    return () -> noRoom.requestedBytes() + pool.overwritesFor(purpose);
  }

  /** Inside a write that has changed nothing yet. */
  private void relieve(LongSupplier requestedBytes) {
    long before = gate.pause();
    try {
      journal.relieve();
      relief.relieve(requestedBytes);
    } finally {
      gate.endPause(before);
    }
  }

  /**
   * Frees memory for something that is not a write, such as a flush; false if that was not possible
   * because a writer is at work.
   */
  boolean tryRelieve(long requestedBytes) {
    if (!gate.tryClaim()) {
      return false;
    }
    try {
      journal.relieve();
      relief.relieve(() -> requestedBytes);
      return true;
    } finally {
      gate.unclaim();
    }
  }

  /**
   * Keeps other writers out, while readers come and go, for what is too slow or too foreign to be
   * done inside a write: encoding values, iterating over the source of a batch. {@link #release}
   * ends it.
   *
   * @throws io.timelog.ConcurrentWriterException if another thread is in the middle of a write
   * @throws IllegalStateException if this thread is, if it is inside a drop listener of the store,
   *     or if the store is closed
   */
  void claim() {
    if (reporting.includeCaller()) {
      throw refusals.reporting();
    }
    gate.claim();
    if (closed) {
      gate.unclaim();
      throw refusals.closed();
    }
  }

  /** Ends what {@link #claim} began. */
  void release() {
    gate.unclaim();
  }

  /** Begins a write within a claim; {@link #performQuietly} or {@link #end} ends it. */
  void beginClaimed() {
    gate.resume();
  }

  /** Whether the memtables should be sealed because of their size. */
  boolean isFull() {
    return memtables.isFull();
  }

  /** Seals all memtables within a claim, and flushes them if the busy policy says so. */
  void sealClaimed() {
    gate.resume();
    try {
      memtables.sealAll();
    } finally {
      gate.exit();
    }
    backpressure.catchUp();
  }

  /**
   * Sets memory aside within a claim; {@link MemoryAccount#settle} gives back what is not needed.
   */
  void setAside(String table, long bytes) {
    try {
      pool.prefund(bytes);
    } catch (MemoryBudgetExceededException noRoom) {
      journal.relieve();
      relief.relieve(wanted(Purpose.NEW_ENTRIES, noRoom));
      try {
        pool.prefund(bytes);
      } catch (MemoryBudgetExceededException still) {
        setAsideUndisturbed(table, bytes, still);
      }
    }
  }

  private void setAsideUndisturbed(String table, long bytes, MemoryBudgetExceededException noRoom) {
    relief.holdOff(wanted(Purpose.NEW_ENTRIES, noRoom));
    try {
      pool.prefund(bytes);
    } catch (MemoryBudgetExceededException still) {
      throw refusals.explained(still, table);
    } finally {
      relief.letGo();
    }
  }

  /** Between two writes of one claim: lets readers that wait begin. */
  void letReadersIn() {
    gate.letReadersIn();
  }

  /** Whether every further write is refused. Any thread. */
  boolean isClosed() {
    return closed;
  }

  /** Refuses every further write; false if that is so already. */
  boolean close() {
    gate.enter();
    try {
      boolean first = !closed;
      closed = true;
      return first;
    } finally {
      gate.exit();
    }
  }
}
