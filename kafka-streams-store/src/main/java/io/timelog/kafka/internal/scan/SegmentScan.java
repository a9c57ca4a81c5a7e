package io.timelog.kafka.internal.scan;

import io.timelog.Cursor;
import io.timelog.Snapshot;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.kafka.internal.host.HostedTable;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Entries of several keys in the order of Kafka's cache: segment, key, time, or the exact reverse.
 * A segment spans several partition windows of the table, each of which is in the order of keys, so
 * their entries are merged, one segment at a time.
 *
 * <p>A step costs O(log(partition windows in a segment)) comparisons of keys; where the range
 * touches one partition window of a segment, none.
 */
public final class SegmentScan implements Entries {
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

    /** The part of the partition window of {@code time} that lies in the range. */
    private TimeRange partitionOf(long time, TimeRange range) {
      return around(time, partitionMillis, range);
    }

    private static TimeRange around(long time, long width, TimeRange range) {
      long start = time - Math.floorMod(time, width);
      long last = start + width - 1;
      return range.intersect(TimeRange.closed(start, last < start ? Long.MAX_VALUE : last));
    }
  }

  /** The entries of one partition window; the first has number 0. */
  private record Part(Cursor entries, int number) {}

  private final Snapshot snapshot;
  private final TableReader table;
  private final KeyRange keys;
  private final Cut cut;
  private final Direction direction;
  private final PriorityQueue<Part> parts;
  private TimeRange ahead;
  private @Nullable Part current;

  private SegmentScan(
      Snapshot snapshot,
      TableReader table,
      KeyRange keys,
      TimeRange range,
      Cut cut,
      Direction direction) {
    this.snapshot = snapshot;
    this.table = table;
    this.keys = keys;
    this.ahead = range;
    this.cut = cut;
    this.direction = direction;
    // In a segment, the parts are opened in the order of the scan.
    Comparator<Part> forward =
        (one, other) -> KeyOrder.compare(one.entries().keyBuffer(), other.entries().keyBuffer());
    this.parts =
        new PriorityQueue<>(
            (direction == Direction.FORWARD ? forward : forward.reversed())
                .thenComparingInt(Part::number));
  }

  /**
   * The entries of {@code keys} in the range, as they are now.
   *
   * @param range from 0 on, and no longer than there are entries: each segment in it costs a step
   */
  public static Entries of(
      HostedTable hosted, KeyRange keys, TimeRange range, Cut cut, Direction direction) {
    if (range.isEmpty() || cut.partitionOf(range.first(), range).equals(range)) {
      return Entries.of(
          hosted.read(
              direction == Direction.FORWARD
                  ? table -> table.scanByKey(keys.first(), keys.last(), range)
                  : table -> table.scanByKeyBackward(keys.first(), keys.last(), range)));
    }
    String name = hosted.table().name();
    Snapshot snapshot = hosted.snapshot();
    TableReader table = snapshot.table(name);
    return new SegmentScan(snapshot, table, keys, range, cut, direction);
  }

  @Override
  public boolean advance() {
    Part before = current;
    current = null;
    if (before != null && before.entries().advance()) {
      if (parts.isEmpty()) {
        current = before;
        return true;
      }
      parts.add(before);
    }
    while (parts.isEmpty() && !ahead.isEmpty()) {
      openNextSegment();
    }
    current = parts.poll();
    if (current == null) {
      snapshot.close();
    }
    return current != null;
  }

  private void openNextSegment() {
    TimeRange segment = cut.segmentOf(nextTime(ahead), ahead);
    ahead = without(ahead, segment);
    TimeRange rest = segment;
    for (int number = 0; !rest.isEmpty(); number++) {
      TimeRange partition = cut.partitionOf(nextTime(rest), rest);
      rest = without(rest, partition);
      Cursor entries =
          direction == Direction.FORWARD
              ? table.scanByKey(keys.first(), keys.last(), partition)
              : table.scanByKeyBackward(keys.first(), keys.last(), partition);
      if (entries.advance()) {
        parts.add(new Part(entries, number));
      }
    }
  }

  private long nextTime(TimeRange range) {
    return direction == Direction.FORWARD ? range.first() : range.last();
  }

  private TimeRange without(TimeRange range, TimeRange taken) {
    if (taken.equals(range)) {
      return TimeRange.empty();
    }
    return direction == Direction.FORWARD
        ? TimeRange.closed(taken.last() + 1, range.last())
        : TimeRange.closed(range.first(), taken.first() - 1);
  }

  @Override
  public Cursor entry() {
    Part at = current;
    if (at == null) {
      throw new IllegalStateException("There is no entry here");
    }
    return at.entries();
  }

  @Override
  public void close() {
    if (current != null) {
      current.entries().close();
      current = null;
    }
    parts.forEach(part -> part.entries().close());
    parts.clear();
    ahead = TimeRange.empty();
    snapshot.close();
  }
}
