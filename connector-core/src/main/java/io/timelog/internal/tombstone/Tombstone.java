package io.timelog.internal.tombstone;

/**
 * A delete over all keys: hides entries between two timestamps, both included, that were written at
 * or before a version.
 *
 * @param first the first hidden timestamp
 * @param last the last hidden timestamp, included
 * @param version the version of the store when the delete was written
 */
public record Tombstone(long first, long last, long version) {
  public Tombstone {
    if (first > last) {
      throw new IllegalArgumentException(
          "A tombstone must not be empty: first=" + first + ", last=" + last);
    }
  }

  /** Whether the timestamp lies in the range. */
  public boolean covers(long timestamp) {
    return first <= timestamp && timestamp <= last;
  }

  /** Whether any timestamp of the closed range {@code [from, to]} lies in this range. */
  public boolean overlaps(long from, long to) {
    return first <= to && from <= last;
  }
}
