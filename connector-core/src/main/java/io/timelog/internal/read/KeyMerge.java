package io.timelog.internal.read;

import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the keys of one partition window in key order, over all its sources, and gives the visible
 * rows of each. Not thread-safe.
 */
public final class KeyMerge {
  private final Source[] sources;
  private final KeyCursor[] cursors;
  private final boolean[] pending;
  private final boolean[] matching;
  private final WindowRows rows;
  private final PartitionWindow window;
  private final TimeSpan span;
  private final int direction;

  /** The cursor of the only source, if it has no row that is hidden; nothing is merged then. */
  private final @Nullable KeyCursor only;

  private int current = -1;

  private KeyMerge(
      PartitionWindow window,
      WindowRows rows,
      long version,
      KeyBounds bounds,
      TimeSpan span,
      int direction) {
    this.window = window;
    this.rows = rows;
    this.span = span;
    this.direction = direction;
    int count = window.sources().size();
    sources = window.sources().toArray(Source[]::new);
    cursors = new KeyCursor[count];
    pending = new boolean[count];
    matching = new boolean[count];
    for (int i = 0; i < count; i++) {
      cursors[i] = open(sources[i], version, bounds);
    }
    only =
        count == 1 && WindowRows.hidesNothing(window, sources[0], rows.tombstones())
            ? cursors[0]
            : null;
    for (int i = 0; i < count && only == null; i++) {
      pending[i] = cursors[i].advance();
    }
  }

  private KeyCursor open(Source source, long version, KeyBounds bounds) {
    // A tombstone may begin before the range, in a source that has no row of the key in the range.
    long first = source.hasTombstones() ? window.first() : span.first();
    return direction > 0
        ? source.rows().keys(version, bounds.firstGroup(), bounds.lastGroup(), first, span.last())
        : source
            .rows()
            .keysBackward(version, bounds.firstGroup(), bounds.lastGroup(), first, span.last());
  }

  /** The keys that may have rows in the span, in key order, with rows oldest first. */
  public static KeyMerge forward(
      Tombstones tombstones,
      PartitionWindow window,
      Rule rule,
      long version,
      KeyBounds bounds,
      TimeSpan span) {
    WindowRows rows = WindowRows.forward(rule, tombstones, version);
    return new KeyMerge(window, rows, version, bounds, span, 1);
  }

  /** As {@link #forward}, in reverse key order, with rows newest first. */
  public static KeyMerge backward(
      Tombstones tombstones,
      PartitionWindow window,
      Rule rule,
      long version,
      KeyBounds bounds,
      TimeSpan span) {
    WindowRows rows = WindowRows.backward(rule, tombstones, version);
    return new KeyMerge(window, rows, version, bounds, span, -1);
  }

  /** Moves to the next key; false when there is none. */
  public boolean advance() {
    if (only != null) {
      current = 0;
      return only.advance();
    }
    if (current >= 0) {
      for (int i = 0; i < cursors.length; i++) {
        if (matching[i]) {
          pending[i] = cursors[i].advance();
        }
      }
    }
    current = -1;
    for (int i = 0; i < cursors.length; i++) {
      if (pending[i] && (current < 0 || direction * compare(cursors[i], cursors[current]) < 0)) {
        current = i;
      }
    }
    if (current < 0) {
      return false;
    }
    for (int i = 0; i < cursors.length; i++) {
      matching[i] = pending[i] && (i == current || compare(cursors[i], cursors[current]) == 0);
    }
    return true;
  }

  private static int compare(KeyCursor left, KeyCursor right) {
    return KeyOrder.compare(
        left.keyBuffer(),
        left.keyOffset(),
        left.keyLength(),
        right.keyBuffer(),
        right.keyOffset(),
        right.keyLength());
  }

  /** The visible rows of the current key in the span; valid until the next {@link #advance()}. */
  public RowCursor rows() {
    long first = span.first();
    long last = span.last();
    if (only != null) {
      return direction > 0 ? only.rows(first, last) : only.rowsBackward(first, last);
    }
    MergedRows merged = rows.merged();
    merged.begin(rows.tombstones());
    rows.begin();
    int number = 0;
    for (int i = 0; i < cursors.length; i++) {
      if (matching[i]) {
        KeyCursor cursor = cursors[i];
        if (sources[i].hasTombstones()) {
          // Spent here before it is opened again for the merge: a source may reuse its cursor.
          merged.noteRangeTombstones(number, cursor.rows(window.first(), last));
        }
        rows.add(
            sources[i],
            direction > 0 ? cursor.rows(first, last) : cursor.rowsBackward(first, last));
        number++;
      }
    }
    RowCursor direct = rows.direct(window);
    return direct != null ? direct : rows.mergeNoted();
  }

  /** Key group of the current key. */
  public int group() {
    return cursors[current].group();
  }

  /** Hash of the current key. */
  public int hash() {
    return cursors[current].hash();
  }

  /** The buffer with the current key. */
  public ByteBuffer keyBuffer() {
    return cursors[current].keyBuffer();
  }

  /** Where the current key starts. */
  public int keyOffset() {
    return cursors[current].keyOffset();
  }

  /** Length of the current key. */
  public int keyLength() {
    return cursors[current].keyLength();
  }
}
