package io.timelog.internal.read;

import io.timelog.internal.key.Key;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The visible rows of one key in one partition window.
 *
 * <p>Nearly always the window has one source and no delete touches it. Then the cursor of the
 * source is handed out as it is, and a scan costs what that cursor costs. Otherwise rows are merged
 * by a {@link RowMerge}. Not thread-safe; reused from window to window.
 */
public final class WindowRows {
  private final Rule rule;
  private final Tombstones tombstones;
  private final ReadScope scope;
  private final Direction direction;

  /** Made when first needed: most scans merge nothing. */
  private @Nullable RowMerge merge;

  /** Whether the rows that were found last come from {@link #merge}. */
  private boolean merged;

  /**
   * Rows in windows of one table.
   *
   * @param tombstones the deletes to apply
   * @param scope of who reads
   */
  public WindowRows(Rule rule, Tombstones tombstones, ReadScope scope, Direction direction) {
    this.rule = rule;
    this.tombstones = tombstones;
    this.scope = scope;
    this.direction = direction;
  }

  /**
   * The rows of the key in the closed range, or null if no source has the key.
   *
   * @param only the source of the window if it has one only, else null
   */
  public @Nullable RowCursor find(
      PartitionWindow window, @Nullable Source only, Key key, long first, long last) {
    if (only != null && hidesNothing(window, only, tombstones)) {
      merged = false;
      return only.rows(scope).find(key, scope.version(), first, last, direction);
    }
    RowMerge all = merge;
    if (all == null) {
      all = new RowMerge(rule, tombstones, direction);
      merge = all;
    }
    merged = true;
    all.begin(window, first, last);
    int place = 0;
    for (Source source : window.sources()) {
      all.add(
          place,
          source,
          (from, to, order) -> source.rows(scope).find(key, scope.version(), from, to, order));
      place++;
    }
    return all.finish();
  }

  /** The number in the window of the source that has the current row of {@link #find}. */
  public int place() {
    return merged ? Objects.requireNonNull(merge).place() : 0;
  }

  /** Whether every row of the only source of a window is an entry that readers see. */
  static boolean hidesNothing(PartitionWindow window, Source only, Tombstones tombstones) {
    return !only.hasTombstones() && !tombstones.touch(window.first(), window.last(), only.since());
  }
}
