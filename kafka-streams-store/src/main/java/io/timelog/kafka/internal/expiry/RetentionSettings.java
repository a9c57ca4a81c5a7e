package io.timelog.kafka.internal.expiry;

/**
 * How long a store keeps its entries, and how their time is cut.
 *
 * @param retentionMillis how far an entry may lie behind stream time and still be kept
 * @param segmentMillis milliseconds of a segment, as Kafka is told
 * @param expiry what becomes of an entry exactly at the retention
 */
public record RetentionSettings(long retentionMillis, long segmentMillis, Expiry expiry) {
  /** With the segments of Kafka's own stores. */
  public static RetentionSettings of(long retentionMillis, Expiry expiry) {
    return new RetentionSettings(
        retentionMillis, Retention.segmentIntervalFor(retentionMillis), expiry);
  }

  /** Milliseconds of a partition window of the table. */
  long partitionMillis() {
    return Retention.partitionMillisFor(retentionMillis);
  }

  /** Before anything was seen. */
  Retention newRetention() {
    return Retention.of(retentionMillis, partitionMillis(), expiry);
  }
}
