package io.timelog.internal.engine;

import io.timelog.internal.checkpoint.StoreCut;
import io.timelog.internal.journal.LiveSerials;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.FlushedWindow;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The moment of a commit, of which a manifest is to be made: what is in segments, or about to be,
 * and what the log is needed for.
 *
 * @param cut what the manifest will name; to be closed
 * @param nextTable no table had this id or a larger one
 * @param nextSerial no memtable window had this serial or a larger one
 * @param flushed how far the log of each partition window is in the cut
 * @param left the memtable windows that are not
 */
record LogCheckpoint(
    StoreCut cut,
    long commit,
    @Nullable CommitToken token,
    int nextTable,
    long nextSerial,
    List<FlushedWindow> flushed,
    Set<Long> left)
    implements LiveSerials {

  /** The same moment as one of another commit, which covers everything up to it. */
  LogCheckpoint of(long otherCommit, CommitToken otherToken) {
    return new LogCheckpoint(cut, otherCommit, otherToken, nextTable, nextSerial, flushed, left);
  }

  @Override
  public boolean isNeeded(long serial) {
    return serial >= nextSerial || left.contains(serial);
  }
}
