package io.timelog.kafka.internal.window;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which windows a store still keeps: those that start less than the retention behind stream time,
 * the newest start it has seen. The writer moves stream time, any thread may read.
 *
 * <p>A read is cut off at the oldest live start, to the millisecond. Memory is given back a Kafka
 * segment at a time.
 */
final class Retention {
  private final long retentionMillis;
  private final long segmentMillis;
  private long oldestLiveSegment;
  private volatile long streamTime = ConsumerRecord.NO_TIMESTAMP;

  /** A window expires when stream time is {@code retentionMillis}, from 0 on, past its start. */
  Retention(long retentionMillis, long segmentMillis) {
    this.retentionMillis = retentionMillis;
    this.segmentMillis = segmentMillis;
    this.oldestLiveSegment = Math.floorDiv(oldestLiveStart(), segmentMillis);
  }

  /**
   * Moves stream time on to {@code windowStart}, never back. True if with it all windows of a
   * segment have expired.
   */
  boolean observe(long windowStart) {
    if (windowStart <= streamTime) {
      return false;
    }
    streamTime = windowStart;
    long segment = Math.floorDiv(oldestLiveStart(), segmentMillis);
    if (segment == oldestLiveSegment) {
      return false;
    }
    oldestLiveSegment = segment;
    return true;
  }

  /** The start of the oldest window that is kept. Stream time is never below -1: no overflow. */
  long oldestLiveStart() {
    return streamTime - retentionMillis + 1;
  }

  /** The start of the segment in which the oldest live window lies. For the writer only. */
  long oldestLiveSegmentStart() {
    return oldestLiveSegment * segmentMillis;
  }
}
