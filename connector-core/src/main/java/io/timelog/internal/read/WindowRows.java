package io.timelog.internal.read;

import io.timelog.internal.key.Key;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The visible rows of one key in one partition window.
 *
 * <p>Nearly always one source has the key and no delete touches it; then its cursor is handed out
 * as it is, and a scan costs what the source's cursor costs. Otherwise rows are merged and filtered
 * by a {@link MergedRows}. Not thread-safe; reused from window to window.
 */
final class WindowRows {
  private static final RowCursor[] NO_CURSORS = {};
  private static final Source[] NO_SOURCES = {};

  private final Tombstones tombstones;
  private final long version;
  private final boolean backward;
  private final Rule rule;
  private @Nullable MergedRows merged;
  private RowCursor[] cursors = NO_CURSORS;
  private Source[] sources = NO_SOURCES;
  private int count;

  private WindowRows(Rule rule, Tombstones tombstones, long version, boolean backward) {
    this.tombstones = tombstones;
    this.version = version;
    this.backward = backward;
    this.rule = rule;
  }

  static WindowRows forward(Rule rule, Tombstones tombstones, long version) {
    return new WindowRows(rule, tombstones, version, false);
  }

  static WindowRows backward(Rule rule, Tombstones tombstones, long version) {
    return new WindowRows(rule, tombstones, version, true);
  }

  /**
   * The rows of the key in the closed range, or null if no source has the key.
   *
   * @param only the source of the window if it has one only, else null
   */
  @Nullable RowCursor find(
      PartitionWindow window, @Nullable Source only, Key key, long first, long last) {
    if (only != null && hidesNothing(window, only, tombstones)) {
      return find(only, key, first, last);
    }
    return findInAll(window, key, first, last);
  }

  /** Whether every row of the only source of a window is an entry that readers see. */
  static boolean hidesNothing(PartitionWindow window, Source only, Tombstones tombstones) {
    return !only.hasTombstones() && !tombstones.touch(window.first(), window.last(), only.since());
  }

  private @Nullable RowCursor find(Source source, Key key, long first, long last) {
    return backward
        ? source.rows().findBackward(key, version, first, last)
        : source.rows().find(key, version, first, last);
  }

  private @Nullable RowCursor findInAll(PartitionWindow window, Key key, long first, long last) {
    begin();
    MergedRows all = merged();
    all.begin(tombstones);
    for (Source source : window.sources()) {
      if (source.hasTombstones()) {
        // A tombstone may begin before the range, in a source that has no row in the range.
        all.noteRangeTombstones(count, source.rows().find(key, version, window.first(), last));
      }
      RowCursor cursor = find(source, key, first, last);
      if (cursor != null) {
        add(source, cursor);
      }
    }
    if (count == 0) {
      return null;
    }
    RowCursor direct = direct(window);
    return direct != null ? direct : mergeNoted();
  }

  /** Starts the rows of a key that the caller finds in the sources itself. */
  void begin() {
    count = 0;
  }

  /** Adds what one more source, newer than those before, has of the key. */
  void add(Source source, RowCursor cursor) {
    if (count == cursors.length) {
      int capacity = Math.max(4, count * 2);
      cursors = Arrays.copyOf(cursors, capacity);
      sources = Arrays.copyOf(sources, capacity);
    }
    cursors[count] = cursor;
    sources[count++] = source;
  }

  /** The cursor of the only source if nothing has to be hidden, else null. */
  @Nullable RowCursor direct(PartitionWindow window) {
    if (count == 1
        && !merged().hasRangeTombstones()
        && hidesNothing(window, sources[0], tombstones)) {
      return cursors[0];
    }
    return null;
  }

  /** Made when first needed: most scans merge nothing. */
  MergedRows merged() {
    MergedRows made = merged;
    if (made == null) {
      made = backward ? MergedRows.backward(rule) : MergedRows.forward(rule);
      merged = made;
    }
    return made;
  }

  Tombstones tombstones() {
    return tombstones;
  }

  RowCursor mergeNoted() {
    MergedRows all = merged();
    for (int i = 0; i < count; i++) {
      all.add(cursors[i], sources[i].since());
    }
    return all;
  }

  /** Whether the payload is that of a tombstone for a range. */
  static boolean isRangeTombstone(RowCursor row) {
    return row.isTombstone() && row.payload().get(row.payloadOffset()) == RowFormat.RANGE;
  }
}
