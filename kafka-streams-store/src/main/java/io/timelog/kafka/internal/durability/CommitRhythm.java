package io.timelog.kafka.internal.durability;

import io.timelog.CommitLog;

/**
 * When Kafka Streams commits a store, from which follows how a commit is to be written. What the
 * machine loses with its power need not be kept: it comes from the changelog again.
 */
public enum CommitRhythm {
  /** With every commit of the application: as one append to a log. */
  WITH_APPLICATION(CommitLog.BUFFERED),
  /**
   * While the task is restored, and then not before it ends, be that in months: as segments,
   * because a log would become as long as all that is written until then.
   */
  WITH_TASK(CommitLog.NONE);

  private final CommitLog log;

  CommitRhythm(CommitLog log) {
    this.log = log;
  }

  /** How the engine writes a commit. */
  CommitLog log() {
    return log;
  }
}
