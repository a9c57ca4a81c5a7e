package io.timelog;

/** What a commit of a store in a directory writes. */
public enum CommitLog {
  /**
   * Everything that was written since the last commit, as segments, and a new catalogue of all of
   * them. A commit that has returned survives a crash of the process and of the machine; one that
   * is under way is there as a whole or not at all. Right where seconds lie between two commits, or
   * more: each of them writes at least one segment for every partition window that was written to.
   */
  NONE
}
