package io.timelog;

import java.util.List;

/**
 * What was found when a store in a directory was opened.
 *
 * @param commit the number of the last commit, with which the store goes on; 0 if there was none
 * @param tables how many tables it had in segments, or without entries
 * @param segments how many segments they had
 * @param bytes the length of all segments together
 * @param logBytes how much there was of the commit log, in bytes, and was done again; 0 if there
 *     was none
 * @param replayedEntries how many writes that was
 * @param cutBytes how much of the log was left out, in bytes, because no commit covered it or it
 *     was not written to its end
 * @param removedFiles the names of files that a crash, or a commit that failed, had left and that
 *     did not belong to the store any more, or not yet; they were deleted
 * @param unknownFiles the names of files that no store makes; they were left alone
 */
public record RecoveryReport(
    long commit,
    int tables,
    int segments,
    long bytes,
    long logBytes,
    long replayedEntries,
    long cutBytes,
    List<String> removedFiles,
    List<String> unknownFiles) {
  /** Copies the lists. */
  public RecoveryReport {
    removedFiles = List.copyOf(removedFiles);
    unknownFiles = List.copyOf(unknownFiles);
  }
}
