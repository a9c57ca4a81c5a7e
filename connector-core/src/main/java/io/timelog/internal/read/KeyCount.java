package io.timelog.internal.read;

import io.timelog.TimeRange;
import io.timelog.internal.key.Key;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.List;

/**
 * Counts the entries of one key of a multimap. In segments it looks at the page directory and at
 * two pages per range, however many rows lie between; only rows of the memtable are stepped over.
 */
public final class KeyCount {
  private final TableView view;
  private final ReadScope scope;
  private final Key key;
  private final long first;
  private final long last;

  private KeyCount(ReadLease lease, Key key, long first, long last) {
    this.view = lease.view();
    this.scope = lease.scope();
    this.key = key;
    this.first = first;
    this.last = last;
  }

  /** The number of entries of the key in the range. The lease stays the caller's. */
  public static long of(ReadLease lease, Key key, TimeRange range) {
    long first = Math.max(range.first(), lease.floor());
    return first > range.last() ? 0 : new KeyCount(lease, key, first, range.last()).count();
  }

  private long count() {
    long count = 0;
    int to = view.lastWindowNotAfter(last);
    for (int i = view.firstWindowNotBefore(first); i <= to; i++) {
      count += countWindow(view.window(i));
      scope.letGo();
    }
    return count;
  }

  private long countWindow(PartitionWindow window) {
    for (Source source : window.sources()) {
      if (source.hasTombstones()) {
        // Only a merge of the sources shows which rows they hide.
        RowCursor rows =
            new WindowRows(Rule.MULTIMAP, view.tombstones(), scope, Direction.FORWARD)
                .find(window, null, key, first, last);
        return rows == null ? 0 : countRows(rows);
      }
    }
    long count = 0;
    for (Source source : window.sources()) {
      VisibleRanges visible =
          new VisibleRanges(
              view.tombstones(),
              source.since(),
              Math.max(first, window.first()),
              Math.min(last, window.last()));
      while (visible.advance()) {
        count += countPart(window, source, visible.first(), visible.last());
      }
    }
    return count;
  }

  private long countPart(PartitionWindow window, Source source, long from, long to) {
    if (source.isFlushed()) {
      return countRows(source.segmentsOf(key), from, to);
    }
    RowCursor rows = source.rows().find(key, scope.version(), from, to);
    if (rows == null) {
      return 0;
    }
    MemtableWindow memtable = source.memtable();
    boolean whole = from == window.first() && to == window.last();
    if (whole
        && source.stage() == Source.Stage.SEALED
        && memtable != null
        && memtable.keyCount() == 1) {
      return memtable.rowCount();
    }
    return countRows(rows);
  }

  private long countRows(List<Segment> segments, long from, long to) {
    long count = 0;
    for (int i = 0; i < segments.size(); i++) {
      count += segments.get(i).countRows(key, from, to);
    }
    return count;
  }

  private static long countRows(RowCursor rows) {
    long count = 0;
    while (rows.advance()) {
      count += 1 + rows.passStretch();
    }
    return count;
  }
}
