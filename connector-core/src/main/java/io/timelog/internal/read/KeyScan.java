package io.timelog.internal.read;

import io.timelog.TimeRange;
import io.timelog.internal.key.Key;
import io.timelog.internal.manifest.PartitionWindow;
import io.timelog.internal.manifest.TableView;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one key in a range of time, one partition window after the other, in either
 * direction.
 */
public final class KeyScan extends ScanCursor {
  private final Key key;
  private final TableView view;
  private final WindowRows rows;
  private final long first;
  private final long last;
  private final int step;
  private int next;
  private int remaining;
  private @Nullable RowCursor current;

  private KeyScan(ReadLease lease, Rule rule, Key key, long first, long last, int step) {
    super(lease, rule);
    this.key = key;
    this.view = lease.view();
    this.first = first;
    this.last = last;
    this.step = step;
    int from = view.firstWindowNotBefore(first);
    int to = view.lastWindowNotAfter(last);
    this.remaining = first > last ? 0 : Math.max(0, to - from + 1);
    if (step > 0) {
      this.rows = WindowRows.forward(rule, view.tombstones(), lease.version());
      this.next = from;
    } else {
      this.rows = WindowRows.backward(rule, view.tombstones(), lease.version());
      this.next = to;
    }
  }

  /** Oldest first. The key's bytes must not change while the scan is open. */
  public static KeyScan forward(ReadLease lease, Rule rule, Key key, TimeRange range) {
    return open(lease, rule, key, range, 1);
  }

  /** Newest first. */
  public static KeyScan backward(ReadLease lease, Rule rule, Key key, TimeRange range) {
    return open(lease, rule, key, range, -1);
  }

  private static KeyScan open(ReadLease lease, Rule rule, Key key, TimeRange range, int step) {
    long first = Math.max(range.first(), lease.view().floor());
    return new KeyScan(lease, rule, key, first, range.last(), step);
  }

  @Override
  @Nullable RowCursor moveToNext() {
    while (true) {
      if (current != null) {
        if (current.advance()) {
          return current;
        }
        current = null;
      }
      if (remaining == 0) {
        return null;
      }
      PartitionWindow window = view.window(next);
      next += step;
      remaining--;
      current = rows.find(window, key, first, last);
    }
  }

  /** Steps to the end and counts the entries. */
  public long countRemaining() {
    long count = 0;
    while (advance()) {
      count++;
    }
    return count;
  }

  @Override
  public byte[] key() {
    row();
    byte[] copy = new byte[key.length()];
    System.arraycopy(key.bytes(), key.offset(), copy, 0, copy.length);
    return copy;
  }
}
