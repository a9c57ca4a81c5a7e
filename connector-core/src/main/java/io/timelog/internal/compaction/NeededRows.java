package io.timelog.internal.compaction;

import io.timelog.internal.key.Key;
import io.timelog.internal.read.WindowRows;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.OlderEntries;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowSource;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.UnneededTombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.SegmentSource;
import io.timelog.internal.view.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds which rows of some segments of one source are still needed: entries that a new reader sees,
 * and tombstones that hide something in older sources. {@link #advanceKey} for each key, and {@link
 * #include} for each of its {@link #rows}, in order. Not thread-safe.
 */
final class NeededRows implements AutoCloseable {
  /*
   * Two cursors go over the rows of a key side by side: one over all rows of the segments, and one over what is
   * visible of them when newer sources are merged in. Both have the same order, so an entry is visible
   * if the second one stands on it. Only newer sources that have the key are looked at, and that costs
   * a look into their indexes for each key.
   */
  private final PartitionWindow window;
  private final PartitionWindow partAndNewer;
  private final @Nullable Source only;
  private final WindowRows visibleRows;

  /** What is kept for {@link #keys} and their rows, until the end. */
  private final ReadScope scope = new ReadScope();

  /** What is kept for {@link #visible}, until the next key. */
  private final ReadScope visibleScope = new ReadScope();

  private final UnneededTombstones unneeded;
  private final OlderEntries olderEntries;
  private final long first;
  private final KeyCursor keys;
  private final Key key = new Key();
  private byte[] keyBytes = new byte[64];
  private @Nullable RowCursor all;
  private @Nullable RowCursor visible;

  /**
   * The rows of segments.
   *
   * @param place the number of the source in the window that the segments belong to
   */
  NeededRows(
      PartitionWindow window,
      int place,
      SegmentSource part,
      Rule rule,
      WindowMerger.Deletes deletes) {
    List<Source> sources = window.sources();
    List<Source> newer = new ArrayList<>();
    newer.add(part);
    newer.addAll(sources.subList(place + 1, sources.size()));
    this.window = window;
    this.partAndNewer = window.withSources(newer);
    this.only = newer.size() == 1 ? part : null;
    this.visibleRows = new WindowRows(rule, deletes.tombstones(), visibleScope, Direction.FORWARD);
    List<RowSource> older = sources.subList(0, place).stream().map(Source::rows).toList();
    this.unneeded = new UnneededTombstones(older);
    this.olderEntries = new OlderEntries(older);
    this.first = Math.max(window.first(), deletes.floor());
    this.keys = part.rows(scope).keys(scope.version(), 0, Integer.MAX_VALUE);
  }

  /** Moves to the next key; false if there is none. */
  boolean advanceKey() {
    if (!keys.advance()) {
      return false;
    }
    int length = keys.keyLength();
    if (keyBytes.length < length) {
      keyBytes = new byte[2 * length];
    }
    keys.keyBuffer().get(keys.keyOffset(), keyBytes, 0, length);
    key.set(keyBytes, 0, length, keys.group());
    all = keys.rows(window.first(), window.last());
    visibleScope.letGo();
    visible =
        first > window.last()
            ? null
            : visibleRows.find(partAndNewer, only, key, first, window.last());
    advanceVisible();
    return true;
  }

  private void advanceVisible() {
    RowCursor rows = visible;
    while (rows != null && rows.advance()) {
      if (visibleRows.place() == 0) {
        return;
      }
    }
    visible = null;
  }

  /** Whether a row of the key is needed. Each is asked for once, in order. */
  boolean include(RowCursor row) {
    if (row.isTombstone()) {
      return !unneeded.include(key, row);
    }
    boolean isVisible = isVisible(row);
    if (isVisible) {
      advanceVisible();
    }
    return isVisible;
  }

  /** Whether an entry of a map, if it went, would uncover an older value of it. */
  boolean uncovers(RowCursor entry) {
    return olderEntries.include(key, entry);
  }

  @Override
  public void close() {
    visibleScope.close();
    scope.close();
  }

  private boolean isVisible(RowCursor row) {
    RowCursor next = visible;
    return next != null
        && next.timestamp() == row.timestamp()
        && next.payloadLength() == row.payloadLength()
        && next.payload()
            .slice(next.payloadOffset(), next.payloadLength())
            .equals(row.payload().slice(row.payloadOffset(), row.payloadLength()));
  }

  /** Stands on the current key. */
  KeyCursor key() {
    return keys;
  }

  /** All rows of the current key; valid until the next {@link #advanceKey}. */
  RowCursor rows() {
    return Objects.requireNonNull(all);
  }
}
