package io.timelog.internal.engine;

import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.MemoryUse;
import java.util.Collection;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What a store says when it refuses something. */
final class Refusals {
  private final String store;
  private final MemoryBudget budget;
  private final WriterGate gate;
  private final Supplier<? extends Collection<TableEngine>> tables;
  private final LongSupplier openReaders;
  private final LongSupplier bytesInUse;
  private final LongSupplier freeBytes;
  private final LongSupplier keptBytes;

  /**
   * Refusals of one store.
   *
   * @param openReaders cursors, snapshots and exports that are open
   * @param bytesInUse bytes that the store has of the budget, free ones left out
   * @param freeBytes bytes of free buffers of the budget
   * @param keptBytes bytes of the budget that new entries leave free
   */
  Refusals(
      String store,
      MemoryBudget budget,
      WriterGate gate,
      Supplier<? extends Collection<TableEngine>> tables,
      LongSupplier openReaders,
      LongSupplier bytesInUse,
      LongSupplier freeBytes,
      LongSupplier keptBytes) {
    this.store = store;
    this.budget = budget;
    this.gate = gate;
    this.tables = tables;
    this.openReaders = openReaders;
    this.bytesInUse = bytesInUse;
    this.freeBytes = freeBytes;
    this.keptBytes = keptBytes;
  }

  IllegalStateException closed() {
    return new IllegalStateException("The store is closed: store=" + store);
  }

  IllegalStateException dropped(String table) {
    return new IllegalStateException("The table was dropped: table=" + table + ", store=" + store);
  }

  IllegalStateException reporting() {
    return new IllegalStateException(
        "A drop listener or filter must not write to its store, maintain or close it: store="
            + store);
  }

  /** The same refusal, with what stood in the way. */
  MemoryBudgetExceededException explained(MemoryBudgetExceededException refusal, String table) {
    long own = bytesInUse.getAsLong();
    long used = budget.usedBytes();
    MemoryUse use =
        new MemoryUse(
            refusal.requestedBytes(),
            used,
            budget.limitBytes(),
            keptBytes.getAsLong(),
            openReaders.getAsLong() == 0 ? 0 : heldByReaders(own),
            gate.oldestReaderNanos(),
            Math.max(0, used - own - freeBytes.getAsLong()));
    return refusal.on(store, table, use);
  }

  /** What no present view has, and garbage that is there for readers. */
  private long heldByReaders(long own) {
    long present = 0;
    for (TableEngine table : tables.get()) {
      present += table.bytesAlive();
    }
    return Math.max(0, own - present);
  }
}
