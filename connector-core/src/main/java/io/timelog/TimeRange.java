package io.timelog;

/**
 * A half-open range of timestamps, {@code [start, end)}, either side of which may be unbounded.
 * Every value of {@code long} is a timestamp like any other, {@link Long#MAX_VALUE} included, so
 * unbounded ends are said by the factory and not by a number: {@code since(t)} contains {@code
 * Long.MAX_VALUE}, {@code of(t, Long.MAX_VALUE)} does not. Immutable.
 */
public final class TimeRange {
  private static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);
  private static final TimeRange EMPTY = new TimeRange(0, -1);

  private final long first;
  private final long last;

  private TimeRange(long first, long last) {
    this.first = first;
    this.last = last;
  }

  /** {@code [start, end)}; empty if {@code start >= end}. */
  public static TimeRange of(long start, long end) {
    return start >= end ? EMPTY : new TimeRange(start, end - 1);
  }

  /** From {@code first} to {@code last}, both included; empty if {@code first > last}. */
  public static TimeRange closed(long first, long last) {
    return first > last ? EMPTY : new TimeRange(first, last);
  }

  /** {@code [start, ∞)}. */
  public static TimeRange since(long start) {
    return new TimeRange(start, Long.MAX_VALUE);
  }

  /** {@code (-∞, end)}; empty if {@code end} is {@link Long#MIN_VALUE}. */
  public static TimeRange until(long end) {
    return end == Long.MIN_VALUE ? EMPTY : new TimeRange(Long.MIN_VALUE, end - 1);
  }

  /** Every timestamp. */
  public static TimeRange all() {
    return ALL;
  }

  /** Only {@code timestamp}. */
  public static TimeRange at(long timestamp) {
    return new TimeRange(timestamp, timestamp);
  }

  /** No timestamp. */
  public static TimeRange empty() {
    return EMPTY;
  }

  /** Whether the range contains no timestamp. */
  public boolean isEmpty() {
    return first > last;
  }

  /** The first timestamp in the range; meaningless if the range is empty. */
  public long first() {
    return first;
  }

  /** The last timestamp <em>in</em> the range; meaningless if the range is empty. */
  public long last() {
    return last;
  }

  /** Whether {@code timestamp} lies in the range. */
  public boolean contains(long timestamp) {
    return first <= timestamp && timestamp <= last;
  }

  /** The timestamps that lie in both ranges. */
  public TimeRange intersect(TimeRange other) {
    return closed(Math.max(first, other.first), Math.min(last, other.last));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TimeRange range && range.first == first && range.last == last;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(first) + Long.hashCode(last);
  }

  /** Like {@code [10, 20)}, {@code [10, ∞)}, {@code (-∞, 20)}, or {@code []} if empty. */
  @Override
  public String toString() {
    if (isEmpty()) {
      return "[]";
    }
    String start = first == Long.MIN_VALUE ? "(-∞" : "[" + first;
    String end = last == Long.MAX_VALUE ? "∞)" : (last + 1) + ")";
    return start + ", " + end;
  }
}
