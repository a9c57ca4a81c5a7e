package io.timelog.kafka.internal.eventlog;

/**
 * Which entries have expired: those that lie the retention or more behind stream time, the newest
 * timestamp that was appended. The writer moves stream time, any thread may read.
 *
 * <p>A read is cut off at the oldest live timestamp exactly. Memory is given back a slice at a
 * time.
 */
final class Lifetime {
  /** The retention of a store that forgets nothing by itself. */
  static final long NEVER = Long.MAX_VALUE;

  /*
   * A slice is a partition window of the table, so it is dropped without looking inside. At most an
   * eighth of the retention is kept too long.
   */
  private static final long SLICES_PER_RETENTION = 8;

  private final long retentionMillis;
  private final long sliceMillis;
  private volatile long oldestLive = Long.MIN_VALUE;
  private long droppedBefore = Long.MIN_VALUE;

  /** An entry expires when another is {@code retentionMillis}, positive, newer. */
  Lifetime(long retentionMillis) {
    this.retentionMillis = retentionMillis;
    this.sliceMillis = sliceMillis(retentionMillis);
  }

  /** The width of a slice. */
  static long sliceMillis(long retentionMillis) {
    return Math.max(1, retentionMillis / SLICES_PER_RETENTION);
  }

  /** Whether an entry at {@code timestamp} would be kept if it were appended now. */
  boolean admits(long timestamp) {
    return timestamp >= oldestLive;
  }

  /**
   * Moves stream time on to {@code timestamp}, never back. True if a slice has expired with it, as
   * {@link #droppedBefore()} says.
   */
  boolean observe(long timestamp) {
    if (retentionMillis == NEVER || timestamp < Long.MIN_VALUE + retentionMillis) {
      return false;
    }
    long live = timestamp - retentionMillis + 1;
    if (live <= oldestLive) {
      return false;
    }
    oldestLive = live;
    long slice = live - Math.floorMod(live, sliceMillis);
    if (slice <= droppedBefore || slice > live) {
      return false;
    }
    droppedBefore = slice;
    return true;
  }

  /** The oldest timestamp that has not expired. */
  long oldestLive() {
    return oldestLive;
  }

  /** Every slice before this timestamp has expired. For the writer only. */
  long droppedBefore() {
    return droppedBefore;
  }
}
