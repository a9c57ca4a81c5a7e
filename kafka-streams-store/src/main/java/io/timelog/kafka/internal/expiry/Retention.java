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
  /** The retention of a store that forgets nothing by itself. */
  public static final long FOR_EVER = Long.MAX_VALUE;

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
  private volatile long streamTime;

  /**
   * Before anything was seen.
   *
   * @param marginMillis 1 if an entry exactly the retention behind stream time is gone, or 0
   * @param sparedMillis for how long what has expired stays in memory at least
   * @param streamTime from which on it moves
   */
  private Retention(
      long retentionMillis,
      long partitionMillis,
      long marginMillis,
      long sparedMillis,
      long streamTime) {
    this.retentionMillis = retentionMillis;
    this.partitionMillis = partitionMillis;
    this.marginMillis = marginMillis;
    this.sparedMillis = sparedMillis;
    this.streamTime = streamTime;
    this.oldestKeptPartition = partitionOfOldestKept();
  }

  /**
   * Of windows or sessions, whose times are from 0 on.
   *
   * @param retentionMillis from 0 on
   * @param partitionMillis the width of a partition window, positive
   */
  static Retention of(long retentionMillis, long partitionMillis, Expiry expiry) {
    boolean atOnce = expiry == Expiry.AT_RETENTION;
    // As much as Kafka's own stores keep: a segment of theirs.
    long spared = atOnce ? 0 : segmentIntervalFor(retentionMillis);
    return new Retention(
        retentionMillis, partitionMillis, atOnce ? 1 : 0, spared, ConsumerRecord.NO_TIMESTAMP);
  }

  /**
   * Of versions, whose times are from 0 on: what was valid exactly the retention before stream time
   * is kept. In partition windows of {@link #partitionMillisFor}.
   *
   * @param retentionMillis from 0 on
   */
  public static Retention ofHistory(long retentionMillis) {
    return new Retention(
        retentionMillis, partitionMillisFor(retentionMillis), 0, 0, ConsumerRecord.NO_TIMESTAMP);
  }

  /**
   * Of events, whose times are any. In partition windows of {@link #eventPartitionMillisFor}.
   *
   * @param retentionMillis positive
   */
  public static Retention ofEvents(long retentionMillis) {
    return new Retention(
        retentionMillis, eventPartitionMillisFor(retentionMillis), 1, 0, Long.MIN_VALUE);
  }

  /** Milliseconds of a partition window of a table of events that are kept for so long. */
  public static long eventPartitionMillisFor(long retentionMillis) {
    return Math.max(1, retentionMillis / PARTITIONS_PER_RETENTION);
  }

  /** Milliseconds of a partition window of a table that keeps entries for so long. */
  public static long partitionMillisFor(long retentionMillis) {
    return Math.max(retentionMillis / PARTITIONS_PER_RETENTION, MIN_MILLIS);
  }

  /** Milliseconds of a segment of Kafka's own stores that keep entries for so long. */
  public static long segmentIntervalFor(long retentionMillis) {
    return Math.max(retentionMillis / SEGMENTS_PER_RETENTION, MIN_MILLIS);
  }

  /** As it is now, which the writer does not change. For the writer. */
  public Retention copy() {
    return new Retention(retentionMillis, partitionMillis, marginMillis, sparedMillis, streamTime);
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
    return time >= oldestLiveAt(Math.max(time, streamTime));
  }

  private long partitionOfOldestKept() {
    long live = oldestLive();
    long kept = live - sparedMillis;
    return Math.floorDiv(kept > live ? Long.MIN_VALUE : kept, partitionMillis);
  }

  /** Stream time, the newest that was seen. No entry is newer. */
  public long newest() {
    return streamTime;
  }

  /** The oldest time that may be put. */
  public long oldestLive() {
    return oldestLiveAt(streamTime);
  }

  private long oldestLiveAt(long time) {
    return retentionMillis == FOR_EVER || time < Long.MIN_VALUE + retentionMillis
        ? Long.MIN_VALUE
        : time - retentionMillis + marginMillis;
  }

  /** The oldest time that is not yet the retention behind stream time. */
  public long oldestUnexpired() {
    long live = oldestLive();
    return live == Long.MIN_VALUE ? live : live + 1 - marginMillis;
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
