package io.timelog.internal.journal;

/** When a commit is made durable. It concerns the log alone; other files are always forced. */
public enum SyncPolicy {
  /**
   * When somebody asks for it: a commit survives the death of the process. After a power loss there
   * is an earlier one, never a mixture of two.
   */
  BUFFERED,
  /** Before it returns: a commit survives a power loss. */
  SYNCED
}
