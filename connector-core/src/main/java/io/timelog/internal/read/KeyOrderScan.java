package io.timelog.internal.read;

import io.timelog.TimeRange;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.TableView;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The entries of many keys, by partition window, then key, then time; or in exact reverse. */
public final class KeyOrderScan extends ScanCursor {
  private final Rule rule;
  private final TableView view;
  private final ReadScope scope;
  private final KeyBounds bounds;
  private final TimeSpan span;
  private final Direction direction;
  private int next;
  private int remaining;
  private @Nullable KeyMerge keys;
  private long keyNumber;

  /** The entries of the keys within bounds that lie in the range. Takes over the lease. */
  public KeyOrderScan(
      ReadLease lease, Rule rule, KeyBounds bounds, TimeRange range, Direction direction) {
    super(lease, rule);
    this.rule = rule;
    this.view = lease.view();
    this.scope = lease.scope();
    this.bounds = bounds;
    long first = Math.max(range.first(), lease.floor());
    long last = range.last();
    this.span = new TimeSpan(first, last);
    this.direction = direction;
    int from = view.firstWindowNotBefore(first);
    int to = view.lastWindowNotAfter(last);
    this.next = direction == Direction.FORWARD ? from : to;
    this.remaining = first > last ? 0 : Math.max(0, to - from + 1);
  }

  @Override
  @Nullable RowCursor nextRows() {
    while (true) {
      if (keys != null && keys.advance()) {
        if (bounds.contains(keys)) {
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
      next += direction.step();
      remaining--;
      scope.letGo();
      keys = open(window);
    }
  }

  private KeyMerge open(PartitionWindow window) {
    return new KeyMerge(window, rule, view.tombstones(), scope, bounds, span, direction);
  }

  private KeyMerge current() {
    return Objects.requireNonNull(keys);
  }

  @Override
  long currentKeyNumber() {
    return keyNumber;
  }

  @Override
  ByteBuffer currentKeyBuffer() {
    return current().keyBuffer();
  }

  @Override
  int currentKeyOffset() {
    return current().keyOffset();
  }

  @Override
  int currentKeyLength() {
    return current().keyLength();
  }

  @Override
  int currentKeyGroup() {
    return current().group();
  }
}
