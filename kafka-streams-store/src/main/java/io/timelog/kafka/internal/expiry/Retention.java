package io.timelog.kafka.internal.expiry;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which entries a store still keeps: those less than the retention behind stream time, the newest
 * time it has seen. The writer moves stream time, any thread may read.
 *
 * <p>A read is cut off at the oldest live time, to the millisecond. Memory is given back a Kafka
 * segment at a time.
 */
public final class Retention {
  /*
   * A segment is what expires at once and what a scan by key visits, so retention is cut into eight:
   * at most an eighth of it is kept too long, and a key is looked up in eight hash indexes at most.
   * The lower bound is Kafka's own. It keeps short retentions from being cut into slivers, each of
   * which costs Kafka's cache a range of its own.
   */
  private static final long SEGMENTS_PER_RETENTION = 8;
  private static final long MIN_SEGMENT_INTERVAL_MS = 60_000;

  private final long retentionMillis;
  private final long segmentMillis;
  private final long marginMillis;
  private final long sparedMillis;
  private long oldestKeptSegment;
  private volatile long streamTime = ConsumerRecord.NO_TIMESTAMP;

  /**
   * Before anything was seen.
   *
   * @param retentionMillis from 0 on
   * @param segmentMillis positive
   */
  public Retention(long retentionMillis, long segmentMillis, Expiry expiry) {
    this.retentionMillis = retentionMillis;
    this.segmentMillis = segmentMillis;
    this.marginMillis = expiry == Expiry.AT_RETENTION ? 1 : 0;
    // As much as Kafka's own stores keep: a segment of theirs, which is half of the retention.
    this.sparedMillis =
        expiry == Expiry.AT_RETENTION ? 0 : Math.max(retentionMillis / 2, MIN_SEGMENT_INTERVAL_MS);
    this.oldestKeptSegment = segmentOfOldestKept();
  }

  /** Milliseconds of a Kafka segment of a store that keeps entries for {@code retentionMillis}. */
  public static long segmentIntervalFor(long retentionMillis) {
    return Math.max(retentionMillis / SEGMENTS_PER_RETENTION, MIN_SEGMENT_INTERVAL_MS);
  }

  /**
   * Moves stream time on to {@code time}, never back. True if with it a segment has expired, and
   * {@link #oldestKept()} has moved.
   */
  public boolean observe(long time) {
    if (time <= streamTime) {
      return false;
    }
    streamTime = time;
    long segment = segmentOfOldestKept();
    if (segment == oldestKeptSegment) {
      return false;
    }
    oldestKeptSegment = segment;
    return true;
  }

  /** Whether an entry is still kept that is put at {@code time} and moves stream time there. */
  public boolean admits(long time) {
    return time >= Math.max(time, streamTime) - retentionMillis + marginMillis;
  }

  private long segmentOfOldestKept() {
    long live = oldestLive();
    long kept = live - sparedMillis;
    return Math.floorDiv(kept > live ? Long.MIN_VALUE : kept, segmentMillis);
  }

  /** The oldest time that may be put. Stream time is never below -1: no overflow. */
  public long oldestLive() {
    return streamTime - retentionMillis + marginMillis;
  }

  /** The oldest time that is not yet the retention behind stream time. */
  public long oldestUnexpired() {
    return streamTime - retentionMillis + 1;
  }

  /**
   * The oldest time that is in memory: the start of the segment in which the oldest entry lies that
   * is kept. For the writer only.
   */
  public long oldestKept() {
    return oldestKeptSegment <= Long.MIN_VALUE / segmentMillis
        ? Long.MIN_VALUE
        : oldestKeptSegment * segmentMillis;
  }
}
