package io.timelog.internal.read;

import io.timelog.internal.key.Key;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import org.jspecify.annotations.Nullable;

/**
 * The visible rows of one key in one partition window.
 *
 * <p>Nearly always the window has one source and no delete touches it. Then the cursor of the
 * source is handed out as it is, and a scan costs what that cursor costs. Otherwise rows are merged
 * by a {@link RowMerge}. Not thread-safe; reused from window to window.
 */
final class WindowRows {
  private final Rule rule;
  private final Tombstones tombstones;
  private final long version;
  private final Direction direction;

  /** Made when first needed: most scans merge nothing. */
  private @Nullable RowMerge merge;

  WindowRows(Rule rule, Tombstones tombstones, long version, Direction direction) {
    this.rule = rule;
    this.tombstones = tombstones;
    this.version = version;
    this.direction = direction;
  }

  /**
   * The rows of the key in the closed range, or null if no source has the key.
   *
   * @param only the source of the window if it has one only, else null
   */
  @Nullable RowCursor find(
      PartitionWindow window, @Nullable Source only, Key key, long first, long last) {
    if (only != null && hidesNothing(window, only, tombstones)) {
      return only.rows().find(key, version, first, last, direction);
    }
    RowMerge all = merge;
    if (all == null) {
      all = new RowMerge(rule, tombstones, direction);
      merge = all;
    }
    all.begin(window, first, last);
    for (Source source : window.sources()) {
      all.add(source, (from, to, order) -> source.rows().find(key, version, from, to, order));
    }
    return all.finish();
  }

  /** Whether every row of the only source of a window is an entry that readers see. */
  static boolean hidesNothing(PartitionWindow window, Source only, Tombstones tombstones) {
    return !only.hasTombstones() && !tombstones.touch(window.first(), window.last(), only.since());
  }
}
