package io.timelog.internal.read;

import io.timelog.internal.key.Key;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.row.Direction;
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
  private PointRead() {}

  /** The value at the key, timestamp and subkey, or null. */
  public static byte @Nullable [] get(ReadLease lease, Key key, long timestamp, byte[] subkey) {
    return timestamp < lease.floor()
        ? null
        : get(lease.view(), lease.version(), key, timestamp, subkey);
  }

  /**
   * As {@link #get(ReadLease, Key, long, byte[])}, in a view that the caller holds, for a timestamp
   * that is not below the floor.
   */
  public static byte @Nullable [] get(
      TableView view, long version, Key key, long timestamp, byte[] subkey) {
    int index = view.firstWindowNotBefore(timestamp);
    if (index == view.windowCount()) {
      return null;
    }
    PartitionWindow window = view.window(index);
    if (!window.covers(timestamp)) {
      return null;
    }
    Source only = view.onlySource(index);
    MemtableWindow memtable = only == null ? null : only.memtable();
    if (only != null
        && memtable != null
        && WindowRows.hidesNothing(window, only, view.tombstones())) {
      return memtable.get(key, version, timestamp, subkey);
    }
    long deleted = view.tombstones().versionAt(timestamp);
    List<Source> sources = window.sources();
    for (int i = sources.size() - 1; i >= 0; i--) {
      Source source = sources.get(i);
      if (deleted >= source.since()) {
        return null; // and in older sources as well, since a delete of theirs is never newer
      }
      RowCursor row = source.rows().findEntry(key, version, timestamp, subkey);
      if (row != null) {
        return row.isTombstone() ? null : row.mapValue();
      }
      if (i > 0 && source.hasTombstones() && hidesOlder(source, window, version, key, timestamp)) {
        return null;
      }
    }
    return null;
  }

  /** Whether a range tombstone of the key in the source covers the timestamp. */
  private static boolean hidesOlder(
      Source source, PartitionWindow window, long version, Key key, long timestamp) {
    RowCursor rows = source.rows().find(key, version, window.first(), timestamp, Direction.FORWARD);
    while (rows != null && rows.advance()) {
      if (rows.isRangeTombstone() && rows.rangeLast() >= timestamp) {
        return true;
      }
    }
    return false;
  }
}
