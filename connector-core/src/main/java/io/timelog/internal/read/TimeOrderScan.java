package io.timelog.internal.read;

import io.timelog.TimeRange;
import io.timelog.internal.manifest.PartitionWindow;
import io.timelog.internal.manifest.TableView;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The entries of all keys by timestamp, entries of equal timestamp by key and then as they lie in
 * the key; or in exact reverse. One partition window at a time is gathered and sorted, so the
 * memory a scan takes is that of the fullest window it visits.
 */
public final class TimeOrderScan extends ScanCursor {
  private final Rule rule;
  private final TableView view;
  private final long version;
  private final long first;
  private final long last;
  private final int step;
  private int next;
  private int remaining;
  private @Nullable GatheredRows gathered;

  private TimeOrderScan(ReadLease lease, Rule rule, TimeRange range, int step) {
    super(lease, rule);
    this.rule = rule;
    this.view = lease.view();
    this.version = lease.version();
    this.first = Math.max(range.first(), lease.floor());
    this.last = range.last();
    this.step = step;
    int from = view.firstWindowNotBefore(first);
    int to = view.lastWindowNotAfter(last);
    this.next = step > 0 ? from : to;
    this.remaining = first > last ? 0 : Math.max(0, to - from + 1);
  }

  /** Oldest first. */
  public static TimeOrderScan forward(ReadLease lease, Rule rule, TimeRange range) {
    return new TimeOrderScan(lease, rule, range, 1);
  }

  /** Newest first. */
  public static TimeOrderScan backward(ReadLease lease, Rule rule, TimeRange range) {
    return new TimeOrderScan(lease, rule, range, -1);
  }

  @Override
  @Nullable RowCursor nextRows() {
    while (remaining > 0) {
      PartitionWindow window = view.window(next);
      next += step;
      remaining--;
      // Gathered in key order and sorted stably, so that equal timestamps end up in key order.
      KeyMerge keys =
          KeyMerge.forward(view.tombstones(), window, rule, version, 0, Integer.MAX_VALUE);
      GatheredRows found = GatheredRows.gather(keys, first, last, step);
      if (found.advance()) {
        gathered = found;
        return found;
      }
    }
    return null;
  }

  @Override
  public byte[] key() {
    requireEntry();
    return Objects.requireNonNull(gathered).key();
  }
}
