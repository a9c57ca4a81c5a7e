package io.timelog.internal.read;

import io.timelog.internal.key.Key;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import org.jspecify.annotations.Nullable;

/** The read of one entry of a map. */
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
    RowCursor rows =
        WindowRows.forward(Rule.MAP, view.tombstones(), version)
            .find(window, only, key, timestamp, timestamp);
    return rows == null ? null : rows.findValue(subkey);
  }
}
