package io.timelog.internal.segment;

import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowSource;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One sorted sequence of rows that is stored in several segments, one behind the other: the last
 * key of a segment comes before the first of the next, or is the same, with its earlier rows. It
 * reads like one large segment. A key is found by a binary search over the first keys, and then in
 * one segment, or in those that have a part of it.
 *
 * <p>A run holds no segment open. Any number of threads may read; each cursor belongs to one
 * thread.
 */
public final class SegmentRun implements RowSource {
  private final List<Segment> segments;

  /** What was found out about the segments so far, which all readers share. */
  private final Seams seams;

  private final @Nullable ReadScope scope;

  /**
   * The run of these segments. Reads nothing of them before it is asked for a key.
   *
   * @param segments at least one, in order, none without rows
   */
  public SegmentRun(List<Segment> segments) {
    this.segments = List.copyOf(segments);
    seams = new Seams(this.segments);
    scope = null;
  }

  private SegmentRun(SegmentRun shared, ReadScope scope) {
    this.segments = shared.segments;
    this.seams = shared.seams;
    this.scope = scope;
  }

  @Override
  public RowSource within(ReadScope reader) {
    return new SegmentRun(this, reader);
  }

  /** The segments that may have rows of a key, in order; a part of the list that was given. */
  public List<Segment> segmentsOf(Key key) {
    int last = lastOf(key);
    return last < 0 ? List.of() : segments.subList(firstOf(key, last), last + 1);
  }

  int count() {
    return segments.size();
  }

  /** A segment for the reader of this run. */
  Segment segment(int number) {
    Segment segment = segments.get(number);
    return scope == null ? segment : segment.within(scope);
  }

  /** Whether the first key of a segment, which is not the first one, is the last of that before. */
  boolean isContinued(int number) {
    return seams.isContinued(number);
  }

  /** Whether a cursor stands on the first key of a segment. */
  boolean isFirstKey(int number, KeyCursor keys) {
    return seams.firstKey(number).isOf(keys);
  }

  /** The last segment that begins with the key or with one before it; -1 if there is none. */
  private int lastOf(Key key) {
    int low = -1;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (compareFirst(middle, key) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private int firstOf(Key key, int last) {
    int first = last;
    while (seams.isContinued(first) && compareFirst(first, key) == 0) {
      first--;
    }
    return first;
  }

  private int compareFirst(int number, Key key) {
    return seams.firstKey(number).compareTo(key);
  }

  @Override
  public @Nullable RowCursor find(
      Key key, long version, long first, long last, Direction direction) {
    int to = lastOf(key);
    if (to < 0) {
      return null;
    }
    int from = firstOf(key, to);
    if (from == to) {
      return segment(to).find(key, version, first, last, direction);
    }
    JoinedRows rows = new JoinedRows();
    for (int i = 0; i <= to - from; i++) {
      int number = direction == Direction.FORWARD ? from + i : to - i;
      rows.add(() -> segment(number).find(key, version, first, last, direction));
    }
    return rows;
  }

  @Override
  public KeyCursor keys(
      long version, int firstGroup, int lastGroup, long first, long last, Direction direction) {
    return new RunKeys(
        this,
        segment -> segment.segmentKeys(firstGroup, lastGroup, first, last, direction),
        direction);
  }

  @Override
  public boolean hasRows(Key key, long version, long first, long last) {
    int to = lastOf(key);
    for (int i = to < 0 ? 0 : firstOf(key, to); i <= to; i++) {
      if (segments.get(i).hasRows(key, version, first, last)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable RowCursor findEntry(Key key, long version, long timestamp, Span subkey) {
    int to = lastOf(key);
    for (int i = to < 0 ? 0 : firstOf(key, to); i <= to; i++) {
      RowCursor row = segment(i).findEntry(key, version, timestamp, subkey);
      if (row != null) {
        return row;
      }
    }
    return null;
  }

  @Override
  public @Nullable RowCursor findBehind(Key key, long version, long first, Span subkey, long last) {
    int to = lastOf(key);
    if (to < 0) {
      return null;
    }
    int from = firstOf(key, to);
    if (from == to) {
      return segment(to).findBehind(key, version, first, subkey, last);
    }
    JoinedRows rows = new JoinedRows();
    for (int i = from; i <= to; i++) {
      int number = i;
      rows.add(() -> segment(number).findBehind(key, version, first, subkey, last));
    }
    return rows;
  }

  /** {@inheritDoc} Asks every segment. */
  @Override
  public OptionalLong firstTimestamp(long version, long first, long last, Direction direction) {
    OptionalLong best = OptionalLong.empty();
    for (Segment segment : segments) {
      OptionalLong found = segment.firstTimestamp(version, first, last, direction);
      if (found.isPresent()
          && (best.isEmpty()
              || direction.step() * Long.compare(found.getAsLong(), best.getAsLong()) < 0)) {
        best = found;
      }
    }
    return best;
  }

  @Override
  public String toString() {
    return "SegmentRun" + segments;
  }
}
