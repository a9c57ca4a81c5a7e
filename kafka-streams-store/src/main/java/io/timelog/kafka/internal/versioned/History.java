package io.timelog.kafka.internal.versioned;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How far back versions are kept: those that were valid within the retention before stream time,
 * the newest time that the store has seen. The writer moves stream time, any thread may read.
 *
 * <p>A read is cut off to the millisecond. Memory is given back a segment at a time.
 */
final class History {
  /** At most an eighth of the history is kept too long. */
  private static final long SEGMENTS_PER_RETENTION = 8;

  /** Keeps a short history from being cut into slivers. */
  private static final long MIN_SEGMENT_MILLIS = 60_000;

  private final long retentionMillis;
  private final long segmentMillis;
  private long oldestSegment;
  private volatile long streamTime = ConsumerRecord.NO_TIMESTAMP;

  /** Nothing was seen yet. The retention is from 0 on. */
  History(long retentionMillis) {
    this.retentionMillis = retentionMillis;
    this.segmentMillis = segmentMillis(retentionMillis);
    this.oldestSegment = Math.floorDiv(oldest(), segmentMillis);
  }

  /** Milliseconds of a segment, which is a partition window of the table. */
  static long segmentMillis(long retentionMillis) {
    return Math.max(retentionMillis / SEGMENTS_PER_RETENTION, MIN_SEGMENT_MILLIS);
  }

  /**
   * Moves stream time on to {@code time}, never back. True if with it a segment has expired, and
   * {@link #oldestSegmentStart()} has moved.
   */
  boolean observe(long time) {
    if (time <= streamTime) {
      return false;
    }
    streamTime = time;
    long segment = Math.floorDiv(oldest(), segmentMillis);
    if (segment == oldestSegment) {
      return false;
    }
    oldestSegment = segment;
    return true;
  }

  /**
   * The oldest time that can be asked for and put at. Stream time is never below -1: no overflow.
   */
  long oldest() {
    return streamTime - retentionMillis;
  }

  /** The start of the segment in which the oldest time lies. For the writer only. */
  long oldestSegmentStart() {
    return oldestSegment <= Long.MIN_VALUE / segmentMillis
        ? Long.MIN_VALUE
        : oldestSegment * segmentMillis;
  }
}
