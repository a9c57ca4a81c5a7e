package io.timelog.internal.engine;

import io.timelog.internal.journal.RecoveredLog;
import io.timelog.internal.journal.StoreLog;
import io.timelog.internal.manifest.CommitToken;
import org.jspecify.annotations.Nullable;

/**
 * How a store makes last what was written to it. One class for each way. What only a log needs does
 * nothing by default.
 */
interface Commits {
  /** The token of the last commit; null if there was none. Any thread. */
  @Nullable CommitToken token();

  /**
   * Goes on behind what was found in a log and is in the store by now. Called once, before anything
   * else.
   *
   * @throws io.timelog.TimelogStorageException if the file system refuses
   */
  void begin(RecoveredLog found);

  /**
   * The store has got what nobody wrote to it, by an import. Called after {@link #begin}, before
   * anything is written.
   */
  void imported();

  /**
   * Begins a commit, which is to be {@linkplain Unsettled#settle settled} by the same thread. For
   * the writer, which writes nothing in between.
   *
   * @throws io.timelog.TimelogStorageException if the file system refuses
   * @throws io.timelog.MemoryBudgetExceededException if there is no room
   */
  Unsettled write(CommitToken token);

  /**
   * Gives up the last commit: after a crash the store is empty, until there is another one. For the
   * writer.
   *
   * @throws io.timelog.TimelogStorageException if the file system refuses; a crash may then leave
   *     the last commit, and another one contains everything
   */
  void forget();

  /** A commit that was written, and may still fail. */
  interface Unsettled {
    /** What is to be forced first; null if there is nothing. */
    @Nullable StoreLog log();

    /**
     * Ends the commit.
     *
     * @return the number of the commit
     * @throws io.timelog.TimelogStorageException if it did not succeed
     */
    long settle();
  }

  /** Does what can be done beside the writer. Any thread. */
  default void maintain() {}

  /** Prepares for the next opening, while the store is still open. For the writer. */
  default void prepareToClose() {}

  /** Lets go of everything. */
  default void close() {}

  /** About how much was written since the last commit, in bytes. Any thread. */
  default long uncommittedBytes() {
    return 0;
  }

  /** What is taken of the budget for commits. For the writer. */
  default long heldBytes() {
    return 0;
  }

  /** The length of the log, in bytes. Any thread. */
  default long logBytes() {
    return 0;
  }

  /** How many bytes were appended to the log. Any thread. */
  default long committedBytes() {
    return 0;
  }

  /** How often the disk was waited for, for the log. Any thread. */
  default long forces() {
    return 0;
  }

  /** How often the file system refused something that is to be tried again. Any thread. */
  default long failures() {
    return 0;
  }
}
