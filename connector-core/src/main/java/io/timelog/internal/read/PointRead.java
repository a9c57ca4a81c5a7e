package io.timelog.internal.read;

import io.timelog.ByteTarget;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memtable.MemtableRows;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The read of one entry of a map. Asks the sources of one partition window for the entry, the
 * newest first, until one has it or hides it in all older ones.
 */
public final class PointRead {
  /** What is returned instead of a length if there is no entry. */
  public static final int ABSENT = -1;

  private PointRead() {}

  /** The value at the key, timestamp and subkey, or null. */
  public static byte @Nullable [] get(ReadLease lease, Key key, long timestamp, Span subkey) {
    return timestamp < lease.floor()
        ? null
        : get(lease.view(), lease.scope(), key, timestamp, subkey);
  }

  /**
   * As {@link #get(ReadLease, Key, long, Span)}, in a view that the caller holds, for a timestamp
   * that is not below the floor. What it keeps in memory, the caller lets go.
   */
  public static byte @Nullable [] get(
      TableView view, ReadScope scope, Key key, long timestamp, Span subkey) {
    int index = view.indexAt(timestamp);
    if (index < 0) {
      return null;
    }
    MemtableRows plain = plainMemtable(view, index);
    if (plain != null) {
      return plain.get(key, scope.version(), timestamp, subkey);
    }
    RowCursor row = find(view, index, scope, key, timestamp, subkey);
    return row == null ? null : row.mapValue();
  }

  /**
   * The length of the value at the key, timestamp and subkey, which is copied into a target; {@link
   * #ABSENT} if there is none.
   */
  public static int read(ReadLease lease, Key key, long timestamp, Span subkey, ByteTarget into) {
    return timestamp < lease.floor()
        ? ABSENT
        : read(lease.view(), lease.scope(), key, timestamp, subkey, into);
  }

  /**
   * As {@link #read(ReadLease, Key, long, Span, ByteTarget)}, in a view that the caller holds, for
   * a timestamp that is not below the floor. What it keeps in memory, the caller lets go.
   *
   * @param into null if only the length is asked for
   */
  public static int read(
      TableView view,
      ReadScope scope,
      Key key,
      long timestamp,
      Span subkey,
      @Nullable ByteTarget into) {
    int index = view.indexAt(timestamp);
    if (index < 0) {
      return ABSENT;
    }
    MemtableRows plain = plainMemtable(view, index);
    if (plain != null) {
      return plain.read(key, scope.version(), timestamp, subkey, into);
    }
    RowCursor row = find(view, index, scope, key, timestamp, subkey);
    return row == null ? ABSENT : row.readMapValue(into);
  }

  private static @Nullable MemtableRows plainMemtable(TableView view, int index) {
    Source only = view.onlySource(index);
    return only != null && isPlain(view, index) && only.rows() instanceof MemtableRows rows
        ? rows
        : null;
  }

  /** Whether the partition window has one source only, of which nothing is hidden. */
  public static boolean isPlain(TableView view, int index) {
    Source only = view.onlySource(index);
    return only != null && WindowRows.hidesNothing(view.window(index), only, view.tombstones());
  }

  /** A cursor on the entry, or null. */
  private static @Nullable RowCursor find(
      TableView view, int index, ReadScope scope, Key key, long timestamp, Span subkey) {
    PartitionWindow window = view.window(index);
    long deleted = view.tombstones().versionAt(timestamp);
    List<Source> sources = window.sources();
    for (int i = sources.size() - 1; i >= 0; i--) {
      Source source = sources.get(i);
      if (deleted >= source.since()) {
        return null; // and in older sources as well, since a delete of theirs is never newer
      }
      RowCursor row = source.rows(scope).findEntry(key, scope.version(), timestamp, subkey);
      if (row != null) {
        return row.isTombstone() ? null : row;
      }
      if (i > 0 && hidesOlder(source, window, scope, key, timestamp)) {
        return null;
      }
    }
    return null;
  }

  /** Whether a range tombstone of the key in the source covers the timestamp. */
  private static boolean hidesOlder(
      Source source, PartitionWindow window, ReadScope scope, Key key, long timestamp) {
    long reach = source.rangeReach();
    if (reach == RangeReach.NO_RANGES) {
      return false;
    }
    long from = RangeReach.firstCovering(timestamp, reach, window.first());
    RowCursor rows =
        source.rows(scope).find(key, scope.version(), from, timestamp, Direction.FORWARD);
    while (rows != null && rows.advance()) {
      boolean range = rows.isRangeTombstone();
      if (range && rows.rangeLast() >= timestamp) {
        return true;
      }
      if (!range && rows.timestamp() == timestamp) {
        return false; // a range comes before the entries of its timestamp
      }
    }
    return false;
  }
}
