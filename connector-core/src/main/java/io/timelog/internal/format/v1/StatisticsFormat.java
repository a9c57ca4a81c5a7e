package io.timelog.internal.format.v1;

import java.nio.ByteBuffer;

/**
 * Layout of the statistics: counts and bounds that are asked without loading a page.
 *
 * <pre>
 *   offset  size  field
 *        0     8  row count, tombstones included
 *        8     8  tombstone count
 *       16     8  smallest timestamp, or the largest i64 if there are no rows
 *       24     8  largest timestamp, or the smallest i64 if there are no rows
 *       32     8  sum of the lengths of all payloads
 *       40     8  sum of the lengths of all keys
 *       48     4  length of the longest payload
 *       52     4  length of the longest key
 * </pre>
 */
public final class StatisticsFormat {
  /** Length of the section. */
  public static final int BYTES = 56;

  private static final int ROW_COUNT_OFFSET = 0;
  private static final int TOMBSTONE_COUNT_OFFSET = ROW_COUNT_OFFSET + Long.BYTES;
  private static final int MIN_TIMESTAMP_OFFSET = TOMBSTONE_COUNT_OFFSET + Long.BYTES;
  private static final int MAX_TIMESTAMP_OFFSET = MIN_TIMESTAMP_OFFSET + Long.BYTES;
  private static final int PAYLOAD_BYTES_OFFSET = MAX_TIMESTAMP_OFFSET + Long.BYTES;
  private static final int KEY_BYTES_OFFSET = PAYLOAD_BYTES_OFFSET + Long.BYTES;
  private static final int LONGEST_PAYLOAD_OFFSET = KEY_BYTES_OFFSET + Long.BYTES;
  private static final int LONGEST_KEY_OFFSET = LONGEST_PAYLOAD_OFFSET + Integer.BYTES;

  private StatisticsFormat() {}

  /**
   * The statistics of a segment.
   *
   * @param rowCount rows, tombstones included
   * @param tombstoneCount rows that are tombstones
   * @param minTimestamp smallest timestamp, or {@link Long#MAX_VALUE} if there are no rows
   * @param maxTimestamp largest timestamp, or {@link Long#MIN_VALUE} if there are no rows
   * @param payloadBytes sum of the lengths of all payloads
   * @param keyBytes sum of the lengths of all keys
   * @param longestPayload length of the longest payload
   * @param longestKey length of the longest key
   */
  public record Statistics(
      long rowCount,
      long tombstoneCount,
      long minTimestamp,
      long maxTimestamp,
      long payloadBytes,
      long keyBytes,
      int longestPayload,
      int longestKey) {}

  /** The statistics as bytes, from 0 to the limit. */
  public static ByteBuffer encode(Statistics statistics) {
    ByteBuffer bytes = Sections.allocate(BYTES);
    bytes.putLong(ROW_COUNT_OFFSET, statistics.rowCount());
    bytes.putLong(TOMBSTONE_COUNT_OFFSET, statistics.tombstoneCount());
    bytes.putLong(MIN_TIMESTAMP_OFFSET, statistics.minTimestamp());
    bytes.putLong(MAX_TIMESTAMP_OFFSET, statistics.maxTimestamp());
    bytes.putLong(PAYLOAD_BYTES_OFFSET, statistics.payloadBytes());
    bytes.putLong(KEY_BYTES_OFFSET, statistics.keyBytes());
    bytes.putInt(LONGEST_PAYLOAD_OFFSET, statistics.longestPayload());
    bytes.putInt(LONGEST_KEY_OFFSET, statistics.longestKey());
    return bytes;
  }

  /** What checked statistics say. */
  public static Statistics decode(ByteBuffer bytes) {
    return new Statistics(
        bytes.getLong(ROW_COUNT_OFFSET),
        bytes.getLong(TOMBSTONE_COUNT_OFFSET),
        bytes.getLong(MIN_TIMESTAMP_OFFSET),
        bytes.getLong(MAX_TIMESTAMP_OFFSET),
        bytes.getLong(PAYLOAD_BYTES_OFFSET),
        bytes.getLong(KEY_BYTES_OFFSET),
        bytes.getInt(LONGEST_PAYLOAD_OFFSET),
        bytes.getInt(LONGEST_KEY_OFFSET));
  }
}
