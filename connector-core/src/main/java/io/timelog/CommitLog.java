package io.timelog;

/**
 * What a commit of a store in a directory writes, and what it survives. In each mode there is,
 * after a crash, all of one commit and nothing of a later one. A store may be opened with another
 * mode than it was written with.
 */
public enum CommitLog {
  /**
   * Everything that was written since the last commit, as segments, and a new catalogue of all of
   * them. A commit that has returned survives a crash of the process and of the machine. Right
   * where minutes lie between two commits, or many seconds: each of them writes at least one
   * segment for every partition window that was written to, and opening has nothing to do again.
   */
  NONE,
  /**
   * What was written since the last commit, in one append to a log, and no waiting for the disk. A
   * commit that has returned survives a crash of the process; after a crash of the machine, the
   * store is that of this commit or of an earlier one. Right where commits are frequent and what is
   * lost can be had again from elsewhere, such as a changelog.
   */
  BUFFERED,
  /**
   * What was written since the last commit, in one append to a log, which is forced to the disk
   * before the commit returns. A commit that has returned survives a crash of the process and of
   * the machine.
   */
  SYNCED
}
