package io.timelog.internal.segment;

import io.timelog.internal.format.v1.StatisticsFormat;
import java.nio.ByteBuffer;

/** Counts the rows and keys of a segment while they are written. */
final class StatisticsBuilder {
  private long rowCount;
  private long tombstoneCount;
  private long minTimestamp = Long.MAX_VALUE;
  private long maxTimestamp = Long.MIN_VALUE;
  private long payloadBytes;
  private long keyBytes;
  private int longestPayload;
  private int longestKey;

  /** Counts a key that has a row. */
  void addKey(int keyLength) {
    keyBytes += keyLength;
    longestKey = Math.max(longestKey, keyLength);
  }

  /** Counts a row. */
  void addRow(long timestamp, boolean tombstone, int payloadLength) {
    rowCount++;
    tombstoneCount += tombstone ? 1 : 0;
    minTimestamp = Math.min(minTimestamp, timestamp);
    maxTimestamp = Math.max(maxTimestamp, timestamp);
    payloadBytes += payloadLength;
    longestPayload = Math.max(longestPayload, payloadLength);
  }

  /** Rows so far, tombstones included. */
  long rowCount() {
    return rowCount;
  }

  /** The smallest timestamp so far; {@link Long#MAX_VALUE} if there is none. */
  long minTimestamp() {
    return minTimestamp;
  }

  /** The largest timestamp so far; {@link Long#MIN_VALUE} if there is none. */
  long maxTimestamp() {
    return maxTimestamp;
  }

  /** The statistics as bytes, from 0 to the limit. */
  ByteBuffer encode() {
    return StatisticsFormat.encode(
        new StatisticsFormat.Statistics(
            rowCount,
            tombstoneCount,
            minTimestamp,
            maxTimestamp,
            payloadBytes,
            keyBytes,
            longestPayload,
            longestKey));
  }
}
