package io.timelog.internal.memtable;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.key.Key;

/**
 * Is told what a window of the memtable is asked for, so that it can be asked for again in another
 * life. For the writer.
 *
 * <p>Each write is told in two steps: room is made before the window takes it, which may be
 * refused, and what was written is told after it, which is not.
 */
public abstract class RowJournal {
  /** For the journals of stores. */
  protected RowJournal() {}

  /** The journal of a window that nobody asks for again. */
  public static RowJournal none() {
    return NoRowJournal.INSTANCE;
  }

  /** Which window of its store this is; a later one has a larger serial. */
  public abstract long serial();

  /**
   * Makes room for a row.
   *
   * @throws MemoryBudgetExceededException if there is none; nothing changed
   */
  public abstract void makeRoom(Key key, PendingRow row);

  /** A row was written; a tombstone of one entry says that it was removed. */
  public abstract void wrote(Key key, PendingRow row);

  /**
   * Makes room for many rows of a multimap.
   *
   * @param end the number after that of the last
   * @throws MemoryBudgetExceededException if there is none; nothing changed
   */
  public abstract void makeRoom(Key key, PendingRows rows, int from, int end);

  /** Rows of a multimap were written. */
  public abstract void wrote(Key key, PendingRows rows, int from, int count);

  /**
   * Makes room for a batch that takes the place of others.
   *
   * @throws MemoryBudgetExceededException if there is none; nothing changed
   */
  public abstract void makeRoom(Key key, RowBatch batch);

  /** A batch has taken the place of all that the key had at its timestamp. */
  public abstract void replaced(Key key, RowBatch batch);

  /**
   * Makes room for the removal of a range.
   *
   * @throws MemoryBudgetExceededException if there is none; nothing changed
   */
  public abstract void makeRoomForRange(Key key);

  /** All entries of a key between two timestamps of the window, both included, were removed. */
  public abstract void removedRange(Key key, long first, long last);

  /** Nobody needs to know any more what was told: a delete that covers all of it is told. */
  public abstract void discard();

  /**
   * The window has left the view without such a delete. What was told is given up if nothing of it
   * is kept yet and it does not concern rows elsewhere, so that it makes no difference.
   */
  public abstract void discardIfUnknown();
}
