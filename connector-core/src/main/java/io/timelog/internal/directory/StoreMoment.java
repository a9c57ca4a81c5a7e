package io.timelog.internal.directory;

import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.FlushedWindow;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.manifest.Manifest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A moment of a store that is to be the next one in its directory: that of a commit.
 *
 * @param contents tables, deletes and segments
 * @param nextTable no table of the store has this id or a larger one
 * @param commit the number of the commit
 * @param token the token of the commit; null if there was none
 * @param nextSerial no memtable window has this serial or a larger one
 * @param flushed windows that have rows in the log that are in segments, too
 * @param logs files of the log, in order
 * @param firstBatch the number of the first batch in them
 */
public record StoreMoment(
    Manifest contents,
    int nextTable,
    long commit,
    @Nullable CommitToken token,
    long nextSerial,
    List<FlushedWindow> flushed,
    List<LogEntry> logs,
    long firstBatch) {
  /** Copies the lists. */
  public StoreMoment {
    flushed = List.copyOf(flushed);
    logs = List.copyOf(logs);
  }

  /** A moment of which all is in segments. */
  public static StoreMoment withoutLog(
      Manifest contents, int nextTable, long commit, @Nullable CommitToken token) {
    return new StoreMoment(contents, nextTable, commit, token, 0, List.of(), List.of(), 0);
  }
}
