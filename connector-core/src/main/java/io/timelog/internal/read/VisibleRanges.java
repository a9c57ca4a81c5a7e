package io.timelog.internal.read;

import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps through the parts of a closed range of time that no delete over all keys hides in one
 * source, from the oldest to the newest. Not thread-safe.
 */
final class VisibleRanges {
  private final List<Tombstone> tombstones;
  private final long since;
  private final long end;
  private int next;
  private long from;
  private boolean exhausted;
  private long first;
  private long last;

  /** The visible parts of {@code [first, last]} in a source of this {@code since}. */
  VisibleRanges(Tombstones tombstones, long since, long first, long last) {
    this(tombstones.list(), since, first, last);
  }

  /**
   * As {@link #VisibleRanges(Tombstones, long, long, long)}.
   *
   * @param tombstones sorted by first timestamp; they may overlap
   */
  VisibleRanges(List<Tombstone> tombstones, long since, long first, long last) {
    this.tombstones = tombstones;
    this.since = since;
    this.from = first;
    this.end = last;
    this.exhausted = first > last;
  }

  /** Moves to the next part; false when there is none. */
  boolean advance() {
    while (!exhausted) {
      Tombstone tombstone = nextThatHides();
      if (tombstone == null || tombstone.first() > end) {
        exhausted = true;
        first = from;
        last = end;
        return true;
      }
      boolean anyBefore = tombstone.first() > from;
      first = from;
      last = tombstone.first() - 1;
      if (tombstone.last() >= end) {
        exhausted = true;
      } else {
        from = tombstone.last() + 1;
      }
      if (anyBefore) {
        return true;
      }
    }
    return false;
  }

  /** The next tombstone that applies to the source and does not end before {@link #from}. */
  private @Nullable Tombstone nextThatHides() {
    while (next < tombstones.size()) {
      Tombstone tombstone = tombstones.get(next++);
      if (tombstone.version() >= since && tombstone.last() >= from) {
        return tombstone;
      }
    }
    return null;
  }

  /** The first timestamp of the part. */
  long first() {
    return first;
  }

  /** The last timestamp of the part, included. */
  long last() {
    return last;
  }
}
