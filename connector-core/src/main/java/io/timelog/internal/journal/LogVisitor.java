package io.timelog.internal.journal;

import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.TableShape;

/**
 * Is told what a log has, in the order in which it was written, so that it can be done again. Sees
 * whole commits only; where a store is not to be seen before all of it is good, that is for the
 * visitor to see to, because damage in the midst of the log ends the visit with an exception.
 *
 * <p>A log is older than the segments of some windows whose rows it has: so sections may have been
 * flushed ({@link #section} declines them), and a delete may be older than rows that are in
 * segments. It concerns only what was written up to its version.
 */
public interface LogVisitor {
  /** A table was made. */
  void createTable(int table, TableShape shape);

  /** A table was dropped. */
  void dropTable(int table);

  /**
   * Nothing below the cutoff is visible, whenever it was written; of a table that accepts entries
   * below it, nothing that was written up to here, of which a delete tells.
   */
  void floor(int table, long cutoff);

  /** Nothing between two timestamps, both included, is visible that was written up to a version. */
  void deleteRange(int table, long first, long last, long version);

  /**
   * Rows of a memtable window follow.
   *
   * @return whether they are wanted; if not, none of them is shown
   */
  boolean section(LoggedWindow window);

  /** A row of the window that was named last. The frame is valid until the call returns. */
  void frame(LogFrame frame);

  /** Everything so far was committed. */
  void commit(long number, CommitToken token);
}
