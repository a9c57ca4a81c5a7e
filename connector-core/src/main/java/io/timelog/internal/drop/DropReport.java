package io.timelog.internal.drop;

import io.timelog.internal.read.KeyBounds;
import io.timelog.internal.read.KeyMerge;
import io.timelog.internal.read.TimeSpan;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.PartitionWindow;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How far the report of one retirement has come. Not thread-safe. */
final class DropReport {
  private final Retirement retirement;
  private final Rule rule;
  private final Iterator<PartitionWindow> windows;
  private final ReadScope scope;
  private @Nullable KeyMerge keys;
  private @Nullable RowCursor rows;
  private boolean finished;

  DropReport(Retirement retirement, Rule rule) {
    this.retirement = retirement;
    this.rule = rule;
    this.windows = retirement.windows().iterator();
    this.scope = new ReadScope(retirement.version());
  }

  /** Whether every entry has been told. */
  boolean isFinished() {
    return finished;
  }

  /** Moves to the next entry; false if there is none. */
  boolean advance() {
    while (!finished) {
      if (rows != null && rows.advance()) {
        return true;
      }
      nextRows();
    }
    return false;
  }

  private void nextRows() {
    if (keys != null && keys.advance()) {
      rows = keys.rows();
      return;
    }
    rows = null;
    scope.letGo();
    if (!windows.hasNext()) {
      finished = true;
      return;
    }
    keys =
        new KeyMerge(
            windows.next(),
            rule,
            retirement.earlier(),
            scope,
            KeyBounds.all(),
            new TimeSpan(retirement.first(), retirement.last()),
            Direction.FORWARD);
  }

  /** Tells a listener of the present entry. */
  void tell(RowDropListener listener) {
    KeyMerge key = Objects.requireNonNull(keys);
    RowCursor row = Objects.requireNonNull(rows);
    listener.onDrop(
        key.keyBuffer(),
        key.keyOffset(),
        key.keyLength(),
        row.timestamp(),
        row.payload(),
        row.payloadOffset(),
        row.payloadLength());
  }

  /** The timestamp of the present entry. */
  long timestamp() {
    return Objects.requireNonNull(rows).timestamp();
  }

  /** Releases what was reported. */
  void free() {
    scope.close();
    retirement.free();
  }
}
