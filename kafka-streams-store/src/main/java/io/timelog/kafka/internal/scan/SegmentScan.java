package io.timelog.kafka.internal.scan;

import io.timelog.Cursor;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.kafka.internal.host.PinnedTable;
import io.timelog.kafka.internal.host.ReadableTable;

/**
 * Entries of several keys in the order of Kafka's cache: segment, key, time, or the exact reverse.
 * A segment spans several partition windows of the table, whose keys the table merges; segments
 * follow one another in time, so there is nothing to merge between them.
 *
 * <p>A step to another key, or another partition window of a segment, costs O(log(partition windows
 * in a segment)) comparisons of keys; where the range touches one partition window of a segment,
 * none. A step inside of a key costs none.
 */
public final class SegmentScan {
  /**
   * The time of a store, as it is cut for its table and for Kafka.
   *
   * @param partitionMillis the width of a partition window, positive
   * @param segmentMillis the width of a segment, positive
   */
  public record Cut(long partitionMillis, long segmentMillis) {
    /** The part of the segment of {@code time} that lies in the range. */
    private TimeRange segmentOf(long time, TimeRange range) {
      return around(time, segmentMillis, range);
    }

    /** Whether no time of the range lies in another partition window than its first. */
    private boolean isOnePartition(TimeRange range) {
      return around(range.first(), partitionMillis, range).equals(range);
    }

    private static TimeRange around(long time, long width, TimeRange range) {
      long start = time - Math.floorMod(time, width);
      long last = start + width - 1;
      return range.intersect(TimeRange.closed(start, last < start ? Long.MAX_VALUE : last));
    }
  }

  private final PinnedTable table;
  private final KeyRange keys;
  private final Cut cut;
  private final Direction direction;
  private TimeRange ahead;

  private SegmentScan(
      PinnedTable table, KeyRange keys, TimeRange range, Cut cut, Direction direction) {
    this.table = table;
    this.keys = keys;
    this.ahead = range;
    this.cut = cut;
    this.direction = direction;
  }

  /**
   * The entries of {@code keys} in the range, as they are now.
   *
   * @param range from 0 on, and no longer than there are entries: each segment in it costs a step
   */
  public static Entries of(
      ReadableTable table, KeyRange keys, TimeRange range, Cut cut, Direction direction) {
    return range.isEmpty() || cut.segmentOf(range.first(), range).equals(range)
        ? Entries.of(table.<Cursor>read(reader -> open(reader, keys, range, cut, direction)))
        : Entries.of(new SegmentScan(table.pin(), keys, range, cut, direction));
  }

  /** The entries of a range that lies in one segment. */
  private static Cursor open(
      TableReader reader, KeyRange keys, TimeRange range, Cut cut, Direction direction) {
    if (range.isEmpty() || cut.isOnePartition(range)) {
      return direction == Direction.FORWARD
          ? reader.scanByKey(keys.first(), keys.last(), range)
          : reader.scanByKeyBackward(keys.first(), keys.last(), range);
    }
    return direction == Direction.FORWARD
        ? reader.scanKeys(keys.first(), keys.last(), range)
        : reader.scanKeysBackward(keys.first(), keys.last(), range);
  }

  /** Whether there is a segment that was not read. */
  boolean hasNext() {
    return !ahead.isEmpty();
  }

  /** The entries of the next segment. */
  Cursor next() {
    TimeRange segment =
        cut.segmentOf(direction == Direction.FORWARD ? ahead.first() : ahead.last(), ahead);
    ahead = without(ahead, segment);
    return open(table.reader(), keys, segment, cut, direction);
  }

  private TimeRange without(TimeRange range, TimeRange taken) {
    if (taken.equals(range)) {
      return TimeRange.empty();
    }
    return direction == Direction.FORWARD
        ? TimeRange.closed(taken.last() + 1, range.last())
        : TimeRange.closed(range.first(), taken.first() - 1);
  }

  /** Lets go of the table, but not of the segment that is being read. */
  void close() {
    ahead = TimeRange.empty();
    table.close();
  }
}
