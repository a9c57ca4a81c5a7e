package io.timelog.internal.read;

import io.timelog.internal.row.Direction;
import io.timelog.internal.row.RowCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The times of one key that range tombstones hide, each in the sources that are older than its own.
 *
 * <p>Rows are asked for in order of time, so each source has a place that only moves on: all rows
 * together cost one pass over the ranges, however many there are. Not thread-safe; reused from key
 * to key.
 */
final class HiddenRanges {
  private final Direction direction;

  /** Disjoint ranges, both ends included, in order of time; those of one source after another's. */
  private long[] first = new long[4];

  private long[] last = new long[4];
  private int count;

  /** Of each source that has any: its number, where its ranges end, and which one is looked at. */
  private int[] source = new int[2];

  private int[] end = new int[2];
  private int[] place = new int[2];
  private int sources;

  /** For rows that come in this direction. */
  HiddenRanges(Direction direction) {
    this.direction = direction;
  }

  /** Takes all ranges out. */
  void clear() {
    count = 0;
    sources = 0;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * Adds the range tombstones among the rows of a source.
   *
   * @param number not smaller than that of the source before
   * @param rows read to the end, from the oldest to the newest
   */
  void addAll(int number, @Nullable RowCursor rows) {
    int start = count;
    while (rows != null && rows.advance()) {
      if (rows.isRangeTombstone()) {
        add(start, rows.timestamp(), rows.rangeLast());
      }
    }
    if (count > start) {
      if (sources == source.length) {
        source = Arrays.copyOf(source, 2 * sources);
        end = Arrays.copyOf(end, 2 * sources);
        place = Arrays.copyOf(place, 2 * sources);
      }
      source[sources] = number;
      end[sources] = count;
      place[sources++] = direction == Direction.FORWARD ? start : count - 1;
    }
  }

  /** Adds a range that begins no earlier than those from {@code start} on. */
  private void add(int start, long from, long to) {
    if (count > start && from <= last[count - 1]) {
      last[count - 1] = Math.max(last[count - 1], to);
      return;
    }
    if (count == first.length) {
      first = Arrays.copyOf(first, 2 * count);
      last = Arrays.copyOf(last, 2 * count);
    }
    first[count] = from;
    last[count++] = to;
  }

  /** Whether a row of a source is hidden; from row to row, time goes in one direction. */
  boolean hide(long time, int number) {
    for (int i = sources - 1; i >= 0 && source[i] > number; i--) {
      if (isCovered(i, time)) {
        return true;
      }
    }
    return false;
  }

  private boolean isCovered(int of, long time) {
    int at = place[of];
    if (direction == Direction.FORWARD) {
      int stop = end[of];
      while (at < stop && last[at] < time) {
        at++;
      }
      place[of] = at;
      return at < stop && first[at] <= time;
    }
    int stop = of == 0 ? 0 : end[of - 1];
    while (at >= stop && first[at] > time) {
      at--;
    }
    place[of] = at;
    return at >= stop && last[at] >= time;
  }
}
