package io.timelog.internal.engine;

import io.timelog.EntryBatch;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.TimelogInternalException;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.row.Rule;

/**
 * Puts a batch in the place of all entries that a key has at a timestamp: readers see either these
 * or those. For the writer.
 */
public final class EntryReplacement {
  /*
   * Everything happens in one operation, in which no reader begins. The memory for the removal and for
   * every row is set aside before, so the operation cannot stop half-way.
   */
  private static final EntryBatch NO_ENTRIES = new EntryBatch();

  private final TableEngine table;
  private final Writes writes;
  private final MemoryAccount pool;
  private final Replace replace = new Replace();

  EntryReplacement(TableEngine table, Writes writes, MemoryAccount pool) {
    this.table = table;
    this.writes = writes;
    this.pool = pool;
  }

  /**
   * Replaces the entries.
   *
   * @param batch has entries of this timestamp only
   * @return whether anything changed: not if the entries are late and refused, or if there were
   *     none before and after
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   * @throws IllegalStateException if the table was dropped
   */
  public boolean replaceAll(Span key, long timestamp, EntryBatch batch) {
    writes.begin(table);
    replace.keyBytes.set(key);
    replace.timestamp = timestamp;
    replace.batch = batch;
    return writes.perform(table.name(), replace);
  }

  private final class Replace extends WriteOperation implements Runnable {
    private final Span keyBytes = new Span();
    private final Span subkey = new Span();
    private final Span value = new Span();
    private final PendingRow row = new PendingRow();
    private long timestamp;
    private EntryBatch batch = NO_ENTRIES;
    private Key key = new Key();

    @Override
    boolean apply() {
      if (!batch.isEmpty() && table.isRefusedAsLate(timestamp)) {
        return false;
      }
      key = table.keyOf(keyBytes);
      return batch.isEmpty()
          ? table.removal().range(key, timestamp, timestamp)
          : table.removal().range(key, timestamp, timestamp, bytesToAdd(), this);
    }

    private long bytesToAdd() {
      long rowBytes = 0;
      for (int i = 0; i < batch.size(); i++) {
        rowBytes += MemtableWindow.bytesOfRow(pending(i).payloadLength());
      }
      return table.active().bytesToAdd(key, pending(0), batch.size(), rowBytes);
    }

    private PendingRow pending(int entry) {
      batch.value(entry, value);
      return table.rule() == Rule.MAP
          ? row.mapEntry(
              timestamp, batch.subkey(entry, subkey), value.bytes(), value.offset(), value.length())
          : row.entry(timestamp, value.bytes(), value.offset(), value.length());
    }

    /** Adds the entries, when those before are removed. */
    @Override
    public void run() {
      long before = pool.openReserve();
      try {
        for (int i = 0; i < batch.size(); i++) {
          add(pending(i));
        }
      } catch (MemoryBudgetExceededException noRoom) {
        throw new TimelogInternalException(
            "The memory that was set aside for a replacement did not suffice: entries="
                + batch.size()
                + ", table="
                + table.name(),
            noRoom);
      } finally {
        pool.closeReserve(before);
      }
    }

    private void add(PendingRow pending) {
      if (table.rule() == Rule.MAP) {
        table.active().put(key, pending);
      } else {
        table.active().append(key, pending);
      }
    }

    /** Entries that make nothing larger. */
    @Override
    boolean mayUseReserve() {
      return batch.payloadBytes() <= table.reads().payloadBytes(keyBytes, timestamp);
    }
  }
}
