package io.timelog.internal.read;

import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstones;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Merges the rows that several sources have of one key, and leaves out what is hidden: by a delete
 * over all keys, by a tombstone in a newer source, or, in a map, by the same entry in a newer
 * source.
 *
 * <p>Sources are few, so the next row is found by looking at all of them. Not thread-safe.
 */
abstract class MergedRows extends RowCursor {
  private RowCursor[] cursors = new RowCursor[4];
  private long[] since = new long[4];
  private boolean[] pending = new boolean[4];
  private int count;
  private int last = -1;
  private Tombstones tombstones = Tombstones.NONE;

  /**
   * Range tombstones of this key: the source they stand in and the closed range they hide below it.
   */
  private int[] rangeSource = new int[4];

  private long[] rangeFirst = new long[4];
  private long[] rangeLast = new long[4];
  private int rangeCount;

  static MergedRows forward(Rule rule) {
    return rule == Rule.MAP ? new ForwardMap() : new ForwardMultimap();
  }

  static MergedRows backward(Rule rule) {
    return rule == Rule.MAP ? new BackwardMap() : new BackwardMultimap();
  }

  /** Starts over, without sources. */
  final void begin(Tombstones deletes) {
    tombstones = deletes;
    count = 0;
    rangeCount = 0;
    last = -1;
  }

  /** Adds the rows of one more source, newer than those before. */
  final void add(RowCursor cursor, long sourceSince) {
    if (count == cursors.length) {
      cursors = Arrays.copyOf(cursors, count * 2);
      since = Arrays.copyOf(since, count * 2);
      pending = Arrays.copyOf(pending, count * 2);
    }
    cursors[count] = cursor;
    since[count] = sourceSince;
    pending[count] = cursor.advance();
    count++;
  }

  /** Whether any were noted since {@link #begin}. */
  final boolean hasRangeTombstones() {
    return rangeCount > 0;
  }

  /**
   * Notes the range tombstones of the key in a source; they hide rows of the sources that are added
   * as numbers below {@code source}.
   */
  final void noteRangeTombstones(int source, @Nullable RowCursor rows) {
    while (rows != null && rows.advance()) {
      if (WindowRows.isRangeTombstone(rows)) {
        if (rangeCount == rangeSource.length) {
          rangeSource = Arrays.copyOf(rangeSource, rangeCount * 2);
          rangeFirst = Arrays.copyOf(rangeFirst, rangeCount * 2);
          rangeLast = Arrays.copyOf(rangeLast, rangeCount * 2);
        }
        rangeSource[rangeCount] = source;
        rangeFirst[rangeCount] = rows.timestamp();
        rangeLast[rangeCount++] = rows.payload().getLong(rows.payloadOffset() + 1);
      }
    }
  }

  @Override
  public final boolean advance() {
    while (true) {
      if (last >= 0) {
        pending[last] = cursors[last].advance();
        last = -1;
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
      RowCursor row = cursors[chosen];
      if (isMap()) {
        skipOlder(chosen);
      }
      last = chosen;
      if (!row.isTombstone() && !isHidden(row.timestamp(), chosen)) {
        timestamp = row.timestamp();
        payload = row.payload();
        payloadOffset = row.payloadOffset();
        payloadLength = row.payloadLength();
        return true;
      }
    }
  }

  /**
   * In a map the chosen row stands for its entry; the same entry in older sources is passed over.
   */
  private void skipOlder(int chosen) {
    for (int i = 0; i < chosen; i++) {
      if (pending[i] && compareEntries(cursors[i], cursors[chosen]) == 0) {
        pending[i] = cursors[i].advance();
      }
    }
  }

  private boolean isHidden(long time, int source) {
    if (!tombstones.isEmpty() && tombstones.hides(time, since[source])) {
      return true;
    }
    for (int i = 0; i < rangeCount; i++) {
      if (rangeSource[i] > source && rangeFirst[i] <= time && time <= rangeLast[i]) {
        return true;
      }
    }
    return false;
  }

  abstract boolean isMap();

  /** Whether {@code candidate}, of a newer source, comes before the best row of the older ones. */
  abstract boolean comesBefore(RowCursor candidate, RowCursor best);

  /** By timestamp, then range tombstones, then subkey. */
  static int compareEntries(RowCursor left, RowCursor right) {
    if (left.timestamp() != right.timestamp()) {
      return left.timestamp() < right.timestamp() ? -1 : 1;
    }
    boolean leftRange = WindowRows.isRangeTombstone(left);
    boolean rightRange = WindowRows.isRangeTombstone(right);
    if (leftRange || rightRange) {
      return leftRange == rightRange ? 0 : leftRange ? -1 : 1;
    }
    int leftStart = left.payloadOffset() + (left.isTombstone() ? 1 : 0);
    int rightStart = right.payloadOffset() + (right.isTombstone() ? 1 : 0);
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

  private static final class ForwardMultimap extends MergedRows {
    @Override
    boolean isMap() {
      return false;
    }

    @Override
    boolean comesBefore(RowCursor candidate, RowCursor best) {
      return candidate.timestamp() < best.timestamp();
    }
  }

  private static final class BackwardMultimap extends MergedRows {
    @Override
    boolean isMap() {
      return false;
    }

    @Override
    boolean comesBefore(RowCursor candidate, RowCursor best) {
      return candidate.timestamp() >= best.timestamp();
    }
  }

  private static final class ForwardMap extends MergedRows {
    @Override
    boolean isMap() {
      return true;
    }

    @Override
    boolean comesBefore(RowCursor candidate, RowCursor best) {
      return compareEntries(candidate, best) <= 0;
    }
  }

  private static final class BackwardMap extends MergedRows {
    @Override
    boolean isMap() {
      return true;
    }

    @Override
    boolean comesBefore(RowCursor candidate, RowCursor best) {
      return compareEntries(candidate, best) >= 0;
    }
  }
}
