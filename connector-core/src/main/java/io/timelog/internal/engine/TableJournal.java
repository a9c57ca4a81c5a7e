package io.timelog.internal.engine;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.memtable.RowJournal;

/** Is told what one table is asked for. For the writer, inside an operation. */
abstract class TableJournal {
  /**
   * The journal of a window where the table has nothing else.
   *
   * @param base the version of the store
   * @param first the first timestamp of the partition window
   * @param last the last timestamp of it, included
   */
  abstract RowJournal firstWindow(long base, long first, long last);

  /** As {@link #firstWindow}, of a window that is to be above other sources. */
  abstract RowJournal laterWindow(long base, long first, long last);

  /** At most the bytes that the journal of a new window takes for one row. */
  abstract long firstBytes(int keyLength, long payloadBytes);

  /** At most the bytes that the journals of some windows take for many rows of a key. */
  abstract long batchBytes(int rows, int keyLength, long payloadBytes, int windows);

  /**
   * Makes room for some of the following.
   *
   * @throws MemoryBudgetExceededException if there is none; nothing changed
   */
  abstract void makeRoomForOperations(int count);

  /**
   * Nothing below the cutoff is visible any more; if entries below are accepted, nothing that was
   * written so far, of which a deleted range tells.
   */
  abstract void deletedBefore(long cutoff);

  /**
   * Nothing in a closed range is visible any more that was written so far.
   *
   * @param version of the delete
   */
  abstract void deletedRange(long first, long last, long version);

  /** The table is gone. */
  abstract void dropped();
}
