package io.timelog.internal.row;

/**
 * How far behind its own timestamp the longest range tombstone of a source hides rows, in ticks: so
 * far back a reader looks for those that cover a timestamp, and no further.
 */
public final class RangeReach {
  /** There is no range tombstone. */
  public static final long NO_RANGES = -1;

  /** Not known: a range tombstone may begin anywhere. */
  public static final long UNKNOWN = Long.MAX_VALUE;

  private RangeReach() {}

  /** The reach of a tombstone over a closed range. */
  public static long of(long first, long last) {
    long reach = last - first;
    return reach < 0 ? UNKNOWN : reach;
  }

  /**
   * The first timestamp at which a range tombstone may begin that covers one.
   *
   * @param reach not {@link #NO_RANGES}
   * @param earliest no tombstone begins earlier
   */
  public static long firstCovering(long timestamp, long reach, long earliest) {
    if (timestamp <= earliest) {
      return timestamp;
    }
    // The distance may be beyond the numbers with a sign.
    return reach == UNKNOWN || Long.compareUnsigned(timestamp - earliest, reach) <= 0
        ? earliest
        : timestamp - reach;
  }
}
