package io.timelog.internal.engine;

import io.timelog.EntryBatch;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.internal.memory.Purpose;
import io.timelog.internal.memtable.RowBatch;

/**
 * Puts a batch in the place of all entries that a key has at a timestamp: readers see either these
 * or those. For the writer.
 */
public final class EntryReplacement {
  /*
   * Everything happens in one operation, in which no reader begins. The memtable builds what is new
   * where nobody sees it and then has it take the place of what was there, so the operation cannot stop
   * half-way, and no memory has to be set aside.
   */
  /** In the place of the length of every value: they differ. */
  public static final int UNLIKE = RowBatch.UNLIKE;

  private static final EntryBatch NO_ENTRIES = new EntryBatch();

  private final TableEngine table;
  private final Writes writes;
  private final Replace replace = new Replace();

  EntryReplacement(TableEngine table, Writes writes) {
    this.table = table;
    this.writes = writes;
  }

  /**
   * Replaces the entries.
   *
   * @param batch has entries of this timestamp only
   * @param valueLength the length of every value; {@link #UNLIKE} if they differ
   * @return whether anything changed: not if the entries are late and refused, or if there were
   *     none before and after
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   * @throws IllegalStateException if the table was dropped
   */
  public boolean replaceAll(Span key, long timestamp, EntryBatch batch, int valueLength) {
    writes.begin(table);
    replace.keyBytes.set(key);
    replace.timestamp = timestamp;
    replace.batch = batch;
    replace.valueLength = valueLength;
    return writes.perform(table.name(), replace);
  }

  private final class Replace extends WriteOperation implements RowBatch {
    private final Span keyBytes = new Span();
    private final Span subkey = new Span();
    private final Span value = new Span();
    private long timestamp;
    private EntryBatch batch = NO_ENTRIES;
    private int valueLength;

    @Override
    boolean apply() {
      if (batch.isEmpty()) {
        return table.removal().range(table.keyOf(keyBytes), timestamp, timestamp);
      }
      if (table.isRefusedAsLate(timestamp)) {
        return false;
      }
      table.removal().replace(table.keyOf(keyBytes), this);
      return true;
    }

    @Override
    public long timestamp() {
      return timestamp;
    }

    @Override
    public int size() {
      return batch.size();
    }

    @Override
    public int valueLength() {
      return valueLength;
    }

    @Override
    public Span values() {
      return batch.payload(value);
    }

    @Override
    public Span subkey(int number) {
      return batch.subkey(number, subkey);
    }

    @Override
    public Span value(int number) {
      return batch.value(number, value);
    }

    @Override
    Purpose purpose() {
      long present = table.reads().payloadBytes(keyBytes, timestamp);
      if (batch.payloadBytes() <= present) {
        return Purpose.NO_GROWTH;
      }
      return present > 0 ? Purpose.LONGER_ENTRIES : Purpose.NEW_ENTRIES;
    }
  }
}
