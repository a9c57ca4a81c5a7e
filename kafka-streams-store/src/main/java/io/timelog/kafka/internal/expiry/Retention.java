package io.timelog.kafka.internal.expiry;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which entries a store still keeps: those less than the retention behind stream time, the newest
 * time it has seen. The writer moves stream time, any thread may read.
 *
 * <p>A read is cut off at the oldest live time, to the millisecond. Memory is given back a
 * partition window at a time.
 */
public final class Retention {
  /*
   * A partition window is what expires at once and what a scan by key visits, so retention is cut into
   * eight: at most an eighth of it is kept too long, and a key is looked up in eight hash indexes at
   * most. What Kafka is told are the segments of its own stores, because its cache takes a step for
   * each of them, and has faults that only shorter ones bring within reach. The lower bound is Kafka's
   * own, and keeps short retentions from being cut into slivers.
   */
  private static final long PARTITIONS_PER_RETENTION = 8;
  private static final long SEGMENTS_PER_RETENTION = 2;
  private static final long MIN_MILLIS = 60_000;

  private final long retentionMillis;
  private final long partitionMillis;
  private final long marginMillis;
  private final long sparedMillis;
  private long oldestKeptPartition;
  private volatile long streamTime = ConsumerRecord.NO_TIMESTAMP;

  /**
   * Before anything was seen.
   *
   * @param retentionMillis from 0 on
   * @param partitionMillis the width of a partition window, positive
   */
  public Retention(long retentionMillis, long partitionMillis, Expiry expiry) {
    this.retentionMillis = retentionMillis;
    this.partitionMillis = partitionMillis;
    this.marginMillis = expiry == Expiry.AT_RETENTION ? 1 : 0;
    // As much as Kafka's own stores keep: a segment of theirs, which is half of the retention.
    this.sparedMillis =
        expiry == Expiry.AT_RETENTION ? 0 : Math.max(retentionMillis / 2, MIN_MILLIS);
    this.oldestKeptPartition = partitionOfOldestKept();
  }

  /** Milliseconds of a partition window of a table that keeps entries for so long. */
  public static long partitionMillisFor(long retentionMillis) {
    return Math.max(retentionMillis / PARTITIONS_PER_RETENTION, MIN_MILLIS);
  }

  /** Milliseconds of a segment of Kafka's own stores that keep entries for so long. */
  public static long segmentIntervalFor(long retentionMillis) {
    return Math.max(retentionMillis / SEGMENTS_PER_RETENTION, MIN_MILLIS);
  }

  /**
   * Moves stream time on to {@code time}, never back. True if with it a partition window has
   * expired, and {@link #oldestKept()} has moved.
   */
  public boolean observe(long time) {
    if (time <= streamTime) {
      return false;
    }
    streamTime = time;
    long partition = partitionOfOldestKept();
    if (partition == oldestKeptPartition) {
      return false;
    }
    oldestKeptPartition = partition;
    return true;
  }

  /** Whether an entry is still kept that is put at {@code time} and moves stream time there. */
  public boolean admits(long time) {
    return time >= Math.max(time, streamTime) - retentionMillis + marginMillis;
  }

  private long partitionOfOldestKept() {
    long live = oldestLive();
    long kept = live - sparedMillis;
    return Math.floorDiv(kept > live ? Long.MIN_VALUE : kept, partitionMillis);
  }

  /** Stream time, the newest that was seen; -1 if nothing was. No entry is newer. */
  public long newest() {
    return streamTime;
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
   * The oldest time that is in memory: the start of the partition window in which the oldest entry
   * lies that is kept. For the writer only.
   */
  public long oldestKept() {
    return oldestKeptPartition <= Long.MIN_VALUE / partitionMillis
        ? Long.MIN_VALUE
        : oldestKeptPartition * partitionMillis;
  }
}
