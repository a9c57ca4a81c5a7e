package io.timelog.internal.journal;

import io.timelog.internal.manifest.LogEntry;

/** A file of the log that is not written any more. Belongs to the lock of its log. */
final class ClosedLogFile {
  private static final long NOT_COVERED = Long.MAX_VALUE;

  private final long number;
  private final long length;
  private final long firstBatch;
  private final SerialSet serials;
  private long coveredBy = NOT_COVERED;

  /**
   * A file that is not written any more.
   *
   * @param number its number
   * @param length how much of it counts
   * @param firstBatch the number of its first batch, or of the next one if it has none
   * @param serials memtable windows that have rows in it
   */
  ClosedLogFile(long number, long length, long firstBatch, SerialSet serials) {
    this.number = number;
    this.length = length;
    this.firstBatch = firstBatch;
    this.serials = serials;
  }

  LogEntry entry() {
    return new LogEntry(number, length);
  }

  long number() {
    return number;
  }

  long firstBatch() {
    return firstBatch;
  }

  /** The largest serial of a window that has rows in it; a negative number if there are none. */
  long largestSerial() {
    return serials.largest();
  }

  /** Notes a commit in a later file: it covers all that is in this one. */
  void coverBy(long commit) {
    coveredBy = Math.min(coveredBy, commit);
  }

  /** Whether nobody needs it beside a manifest of a commit. */
  boolean isObsolete(long commit, LiveSerials live) {
    return coveredBy <= commit && !serials.hasAnyOf(live);
  }
}
