package io.timelog.internal.engine;

import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.row.Rule;

/**
 * Is told what a store is asked for and a commit will have to keep. For the writer, inside an
 * operation where nothing else is said.
 */
abstract class StoreJournal {
  /** That of a store of which nothing is kept, or which is kept as segments. */
  static StoreJournal none() {
    return NoStoreJournal.INSTANCE;
  }

  /** The journal of one table. Any thread. */
  abstract TableJournal table(int id, Rule rule);

  /**
   * A table is about to be made. Outside of an operation.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; nothing changed
   * @throws io.timelog.ConcurrentWriterException if another thread is in the middle of a write, and
   *     this has to be one
   */
  abstract void createTable(Writes writes, int id, TableShape shape);

  /** Forgets what it was told: that is kept already. */
  abstract void forget();

  /** Whether what was told since the last commit takes much memory. */
  abstract boolean isMuchPending();

  /** Frees memory if much is pending. Within a claim, outside of an operation. */
  abstract void writeEarly();

  /** Frees all memory that can be freed. Within a claim, outside of an operation. */
  abstract void relieve();
}
