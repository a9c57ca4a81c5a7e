package io.timelog.kafka.internal.host;

/** How long the entries of a store live. */
public enum StoreKind {
  /**
   * They are in the directory of the task as they were committed last, together with the offsets of
   * their changelog.
   */
  PERSISTENT,
  /** They end with the store; a task that has no other kind needs no directory. */
  IN_MEMORY
}
