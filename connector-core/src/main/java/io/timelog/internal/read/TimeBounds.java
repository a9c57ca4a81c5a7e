package io.timelog.internal.read;

import io.timelog.TimeRange;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.OptionalLong;

/**
 * Finds the smallest or the largest timestamp of any visible entry of a range.
 *
 * <p>Windows are disjoint in time, so the first window of the direction that has any visible entry
 * has the answer. Its sources know their own bounds; where a window has tombstones among its rows,
 * which may hide the rows at the bounds, its keys are opened one by one instead. Rows are never
 * gathered.
 */
public final class TimeBounds {
  private final TableView view;
  private final Rule rule;
  private final ReadScope scope;
  private final long first;
  private final long last;
  private final Direction direction;
  private boolean found;
  private long best;

  private TimeBounds(ReadLease lease, Rule rule, TimeRange range, Direction direction) {
    this.view = lease.view();
    this.rule = rule;
    this.scope = lease.scope();
    this.first = Math.max(range.first(), lease.floor());
    this.last = range.last();
    this.direction = direction;
  }

  /**
   * The timestamp of the first visible entry of the range in a direction: the oldest forward, the
   * newest backward. The lease stays the caller's.
   */
  public static OptionalLong first(
      ReadLease lease, Rule rule, TimeRange range, Direction direction) {
    return new TimeBounds(lease, rule, range, direction).search();
  }

  private OptionalLong search() {
    if (first > last) {
      return OptionalLong.empty();
    }
    int from = view.firstWindowNotBefore(first);
    int to = view.lastWindowNotAfter(last);
    int next = direction == Direction.FORWARD ? from : to;
    for (int left = to - from + 1; left > 0 && !found; left--) {
      searchWindow(view.window(next));
      scope.letGo();
      next += direction.step();
    }
    return found ? OptionalLong.of(best) : OptionalLong.empty();
  }

  private void searchWindow(PartitionWindow window) {
    for (Source source : window.sources()) {
      if (source.hasTombstones()) {
        searchKeys(window);
        return;
      }
    }
    // The same entry of a map in a newer source has the same timestamp, so each source is asked by
    // itself.
    for (Source source : window.sources()) {
      searchSource(window, source);
    }
  }

  private void searchSource(PartitionWindow window, Source source) {
    VisibleRanges visible =
        new VisibleRanges(
            view.tombstones(),
            source.since(),
            Math.max(first, window.first()),
            Math.min(last, window.last()));
    boolean any = false;
    while (visible.advance() && !(any && direction == Direction.FORWARD)) {
      OptionalLong time =
          source.rows().firstTimestamp(scope.version(), visible.first(), visible.last(), direction);
      if (time.isPresent()) {
        any = true;
        improve(time.getAsLong());
      }
    }
  }

  private void searchKeys(PartitionWindow window) {
    KeyMerge keys =
        new KeyMerge(
            window,
            rule,
            view.tombstones(),
            scope,
            KeyBounds.all(),
            new TimeSpan(first, last),
            direction);
    while (keys.advance()) {
      RowCursor rows = keys.rows();
      if (rows.advance()) {
        improve(rows.timestamp());
      }
    }
  }

  private void improve(long timestamp) {
    if (!found || direction.step() * Long.compare(timestamp, best) < 0) {
      found = true;
      best = timestamp;
    }
  }
}
