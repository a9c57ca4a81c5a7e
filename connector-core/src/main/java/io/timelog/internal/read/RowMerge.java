package io.timelog.internal.read;

import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyRows;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Merges the rows that the sources of one partition window have of one key, and leaves out what is
 * hidden: by a delete over all keys, by a tombstone in a newer source, or, in a map, by the same
 * entry in a newer source.
 *
 * <p>{@link #begin}, {@link #add} for each source that may have the key, oldest first, then {@link
 * #finish}; from key to key the same instance is used again. Sources are few, so the next row is
 * found by looking at all of them. Not thread-safe.
 */
final class RowMerge extends RowCursor {
  private final Tombstones tombstones;
  private final boolean isMap;
  private final Direction direction;
  private final HiddenRanges ranges;

  /**
   * Whether of two rows that compare as equal the one in the newer source comes first: in a map,
   * because it hides the other; in a multimap, if the rows are read in reverse.
   */
  private final boolean newerComesFirst;

  private final boolean keepsTombstones;

  private long windowFirst;
  private long windowLast;
  private long first;
  private long last;

  private RowCursor[] cursors = new RowCursor[4];
  private Source[] sources = new Source[4];
  private int[] places = new int[4];
  private boolean[] pending = new boolean[4];
  private int count;

  /** The source of the current row; -1 before the first. */
  private int current;

  RowMerge(Rule rule, Tombstones tombstones, Direction direction) {
    this(rule, tombstones, direction, false);
  }

  /**
   * A merge of sources that have older ones below them: tombstones are rows of it, since they may
   * hide something there.
   */
  static RowMerge withTombstones(Rule rule, Tombstones tombstones) {
    return new RowMerge(rule, tombstones, Direction.FORWARD, true);
  }

  private RowMerge(Rule rule, Tombstones tombstones, Direction direction, boolean keepsTombstones) {
    this.keepsTombstones = keepsTombstones;
    this.tombstones = tombstones;
    this.isMap = rule == Rule.MAP;
    this.direction = direction;
    this.ranges = new HiddenRanges(direction);
    this.newerComesFirst = isMap || direction == Direction.BACKWARD;
  }

  /** Starts the rows of another key with {@code from <= timestamp <= to}, without sources. */
  void begin(PartitionWindow window, long from, long to) {
    windowFirst = window.first();
    windowLast = window.last();
    first = from;
    last = to;
    count = 0;
    ranges.clear();
    current = -1;
  }

  /**
   * Adds what one more source, newer than those before, has of the key.
   *
   * @param place its number in the window
   */
  void add(int place, Source source, KeyRows rows) {
    long reach = source.rangeReach();
    if (reach != RangeReach.NO_RANGES) {
      // A range tombstone may begin before the range. Read to the end before the rows are opened,
      // which may reuse the cursor.
      long start = RangeReach.firstCovering(first, reach, windowFirst);
      ranges.addAll(count, rows.rows(start, last, Direction.FORWARD));
    }
    RowCursor cursor = rows.rows(first, last, direction);
    if (cursor != null) {
      append(place, source, cursor);
    }
  }

  private void append(int place, Source source, RowCursor cursor) {
    if (count == cursors.length) {
      cursors = Arrays.copyOf(cursors, count * 2);
      sources = Arrays.copyOf(sources, count * 2);
      places = Arrays.copyOf(places, count * 2);
      pending = Arrays.copyOf(pending, count * 2);
    }
    cursors[count] = cursor;
    places[count] = place;
    sources[count++] = source;
  }

  /**
   * The visible rows of the key: the cursor of the only source that has the key if nothing hides
   * any of its rows, else this merge. Null if no source has the key.
   */
  @Nullable RowCursor finish() {
    if (count == 0) {
      return null;
    }
    if (count == 1 && ranges.isEmpty() && !mayHide(sources[0])) {
      return cursors[0];
    }
    for (int i = 0; i < count; i++) {
      pending[i] = cursors[i].advance();
    }
    return this;
  }

  private boolean mayHide(Source source) {
    return source.hasTombstones() || tombstones.touch(windowFirst, windowLast, source.since());
  }

  @Override
  public boolean advance() {
    while (true) {
      if (current >= 0) {
        pending[current] = cursors[current].advance();
        current = -1;
      }
      int chosen = -1;
      for (int i = 0; i < count; i++) {
        if (pending[i] && (chosen < 0 || comesBefore(cursors[i], cursors[chosen]))) {
          chosen = i;
        }
      }
      if (chosen < 0) {
        return false;
      }
      if (isMap) {
        chosen = skipOlder(chosen);
      }
      RowCursor row = cursors[chosen];
      current = chosen;
      if (row.isTombstone() ? keepsTombstones : !isHidden(row.timestamp(), chosen)) {
        timestamp = row.timestamp();
        tombstone = row.isTombstone();
        payload = row.payload();
        payloadOffset = row.payloadOffset();
        payloadLength = row.payloadLength();
        return true;
      }
    }
  }

  /** The number in the window of the source that has the current row. */
  int place() {
    return places[Math.max(current, 0)];
  }

  /** Whether {@code candidate}, of a newer source, comes before the best row of the older ones. */
  private boolean comesBefore(RowCursor candidate, RowCursor best) {
    int order =
        isMap
            ? compareEntries(candidate, best)
            : Long.compare(candidate.timestamp(), best.timestamp());
    return order == 0 ? newerComesFirst : direction.step() * order < 0;
  }

  /**
   * In a map the chosen row stands for its entry; the same entry in older sources is passed over.
   * Of range tombstones that begin together the longest stands for all.
   *
   * @return the source of the row that stands for the entry
   */
  private int skipOlder(int chosen) {
    int kept = chosen;
    for (int i = 0; i < chosen; i++) {
      if (pending[i] && compareEntries(cursors[i], cursors[kept]) == 0) {
        int passed = i;
        if (keepsTombstones && reachesFurther(cursors[i], cursors[kept])) {
          passed = kept;
          kept = i;
        }
        pending[passed] = cursors[passed].advance();
      }
    }
    return kept;
  }

  private static boolean reachesFurther(RowCursor row, RowCursor other) {
    return row.isRangeTombstone() && row.rangeLast() > other.rangeLast();
  }

  private boolean isHidden(long time, int source) {
    return (!tombstones.isEmpty() && tombstones.hides(time, sources[source].since()))
        || ranges.hide(time, source);
  }

  /** By timestamp, then range tombstones, then subkey. */
  private static int compareEntries(RowCursor left, RowCursor right) {
    if (left.timestamp() != right.timestamp()) {
      return left.timestamp() < right.timestamp() ? -1 : 1;
    }
    boolean leftRange = left.isRangeTombstone();
    boolean rightRange = right.isRangeTombstone();
    if (leftRange || rightRange) {
      return leftRange == rightRange ? 0 : leftRange ? -1 : 1;
    }
    int leftStart = left.payloadOffset() + (left.isTombstone() ? RowFormat.KIND_BYTES : 0);
    int rightStart = right.payloadOffset() + (right.isTombstone() ? RowFormat.KIND_BYTES : 0);
    int leftLength = RowFormat.getVarint(left.payload(), leftStart);
    int rightLength = RowFormat.getVarint(right.payload(), rightStart);
    return KeyOrder.compare(
        left.payload(),
        leftStart + RowFormat.varintSize(leftLength),
        leftLength,
        right.payload(),
        rightStart + RowFormat.varintSize(rightLength),
        rightLength);
  }
}
