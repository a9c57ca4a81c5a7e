package io.timelog.internal.read;

import io.timelog.TimeRange;
import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.TableView;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The entries of many keys, by partition window, then key, then time; or in exact reverse. */
public final class KeyOrderScan extends ScanCursor {
  private final Rule rule;
  private final TableView view;
  private final long version;
  private final KeyBounds bounds;
  private final TimeSpan span;
  private final int step;
  private int next;
  private int remaining;
  private @Nullable KeyMerge keys;
  private long keyNumber;

  private KeyOrderScan(ReadLease lease, Rule rule, KeyBounds bounds, TimeRange range, int step) {
    super(lease, rule);
    this.rule = rule;
    this.view = lease.view();
    this.version = lease.version();
    this.bounds = bounds;
    long first = Math.max(range.first(), lease.floor());
    long last = range.last();
    this.span = new TimeSpan(first, last);
    this.step = step;
    int from = view.firstWindowNotBefore(first);
    int to = view.lastWindowNotAfter(last);
    this.next = step > 0 ? from : to;
    this.remaining = first > last ? 0 : Math.max(0, to - from + 1);
  }

  /** In order. */
  public static KeyOrderScan forward(
      ReadLease lease, Rule rule, KeyBounds bounds, TimeRange range) {
    return new KeyOrderScan(lease, rule, bounds, range, 1);
  }

  /** In reverse. */
  public static KeyOrderScan backward(
      ReadLease lease, Rule rule, KeyBounds bounds, TimeRange range) {
    return new KeyOrderScan(lease, rule, bounds, range, -1);
  }

  @Override
  @Nullable RowCursor nextRows() {
    while (true) {
      if (keys != null && keys.advance()) {
        if (inBounds(keys)) {
          RowCursor found = keys.rows();
          if (found.advance()) {
            keyNumber++;
            return found;
          }
        }
        continue;
      }
      if (remaining == 0) {
        return null;
      }
      PartitionWindow window = view.window(next);
      next += step;
      remaining--;
      keys = open(window);
    }
  }

  private KeyMerge open(PartitionWindow window) {
    return step > 0
        ? KeyMerge.forward(view.tombstones(), window, rule, version, bounds, span)
        : KeyMerge.backward(view.tombstones(), window, rule, version, bounds, span);
  }

  private boolean inBounds(KeyMerge at) {
    byte @Nullable [] low = bounds.firstKey();
    byte @Nullable [] high = bounds.lastKey();
    return (low == null
            || KeyOrder.compare(at.keyBuffer(), at.keyOffset(), at.keyLength(), low, 0, low.length)
                >= 0)
        && (high == null
            || KeyOrder.compare(
                    at.keyBuffer(), at.keyOffset(), at.keyLength(), high, 0, high.length)
                <= 0);
  }

  @Override
  public long keyNumber() {
    requireEntry();
    return keyNumber;
  }

  @Override
  public byte[] key() {
    requireEntry();
    KeyMerge at = Objects.requireNonNull(keys);
    return ByteCopy.read(at.keyBuffer(), at.keyOffset(), at.keyLength());
  }
}
