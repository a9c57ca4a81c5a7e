package io.timelog.internal.segment;

import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
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

  /** The first page of each segment, which begins with its first key. */
  private final Page[] firstPages;

  /** Whether the first key of a segment has rows in the segment before, too. */
  private final boolean[] continued;

  /**
   * The run of these segments.
   *
   * @param segments at least one, in order, none without rows
   */
  public SegmentRun(List<Segment> segments) {
    this.segments = List.copyOf(segments);
    int count = segments.size();
    firstPages = new Page[count];
    continued = new boolean[count];
    Key key = new Key();
    for (int i = 0; i < count; i++) {
      Page page = segments.get(i).page(0);
      firstPages[i] = page;
      if (i > 0) {
        byte[] bytes = new byte[page.keyLength(0)];
        page.bytes.get(page.keyOffset(0), bytes);
        key.set(bytes, 0, bytes.length, page.group(0));
        continued[i] = segments.get(i - 1).contains(key);
      }
    }
  }

  /** The segments that may have rows of a key, in order; a part of the list that was given. */
  public List<Segment> segmentsOf(Key key) {
    int last = lastOf(key);
    return last < 0 ? List.of() : segments.subList(firstOf(key, last), last + 1);
  }

  int count() {
    return segments.size();
  }

  Segment segment(int number) {
    return segments.get(number);
  }

  /** Whether the first key of a segment, which is not the first one, is the last of that before. */
  boolean isContinued(int number) {
    return continued[number];
  }

  /** Whether a cursor stands on the first key of a segment. */
  boolean isFirstKey(int number, KeyCursor keys) {
    Page page = firstPages[number];
    return KeyOrder.compare(
            page.bytes,
            page.keyOffset(0),
            page.keyLength(0),
            keys.keyBuffer(),
            keys.keyOffset(),
            keys.keyLength())
        == 0;
  }

  /** The last segment that begins with the key or with one before it; -1 if there is none. */
  private int lastOf(Key key) {
    int low = -1;
    int high = firstPages.length - 1;
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
    while (continued[first] && compareFirst(first, key) == 0) {
      first--;
    }
    return first;
  }

  private int compareFirst(int number, Key key) {
    Page page = firstPages[number];
    return KeyOrder.compare(
        page.bytes, page.keyOffset(0), page.keyLength(0), key.bytes(), key.offset(), key.length());
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
      return segments.get(to).find(key, version, first, last, direction);
    }
    JoinedRows rows = new JoinedRows();
    for (int i = 0; i <= to - from; i++) {
      Segment segment = segments.get(direction == Direction.FORWARD ? from + i : to - i);
      RowCursor part = segment.find(key, version, first, last, direction);
      if (part != null) {
        rows.add(part);
      }
    }
    return rows;
  }

  @Override
  public KeyCursor keys(
      long version, int firstGroup, int lastGroup, long first, long last, Direction direction) {
    return new RunKeys(
        this,
        segment -> segment.keys(version, firstGroup, lastGroup, first, last, direction),
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
      RowCursor row = segments.get(i).findEntry(key, version, timestamp, subkey);
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
      return segments.get(to).findBehind(key, version, first, subkey, last);
    }
    JoinedRows rows = new JoinedRows();
    for (int i = from; i <= to; i++) {
      RowCursor part = segments.get(i).findBehind(key, version, first, subkey, last);
      if (part != null) {
        rows.add(part);
      }
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
