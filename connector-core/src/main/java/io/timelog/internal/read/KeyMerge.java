package io.timelog.internal.read;

import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks the keys of one partition window in key order, over all its sources, and gives the visible
 * rows of each. Not thread-safe.
 */
public final class KeyMerge {
  private final PartitionWindow window;
  private final TimeSpan span;
  private final Direction direction;
  private final Source[] sources;
  private final KeyCursor[] cursors;
  private final boolean[] pending;
  private final boolean[] matching;

  /** Null if nothing has to be merged. */
  private final @Nullable RowMerge merge;

  /** The cursor of the only source if none of its rows is hidden; nothing is merged then. */
  private final @Nullable KeyCursor only;

  private int current = -1;

  /** For the key while the cursors rest; null if they stand in what stays in memory. */
  private final @Nullable KeyCopy copy;

  /** The {@link #copy} if the cursors rest, else null. */
  private @Nullable KeyCopy resting;

  /**
   * The keys of a window within bounds that may have rows in a span, with rows and keys both in
   * {@code direction}.
   *
   * @param tombstones the deletes to apply
   * @param scope of who reads
   */
  public KeyMerge(
      PartitionWindow window,
      Rule rule,
      Tombstones tombstones,
      ReadScope scope,
      KeyBounds bounds,
      TimeSpan span,
      Direction direction) {
    this(
        window,
        scope,
        bounds,
        span,
        direction,
        isShownAsItIs(window, tombstones) ? null : new RowMerge(rule, tombstones, direction));
  }

  /**
   * All keys of sources that have older ones below them, with tombstones among their rows.
   *
   * @param sources the sources, in a window of their own
   * @param scope of who reads
   */
  public static KeyMerge withTombstones(
      PartitionWindow sources, Rule rule, Tombstones tombstones, ReadScope scope) {
    return new KeyMerge(
        sources,
        scope,
        KeyBounds.all(),
        new TimeSpan(sources.first(), sources.last()),
        Direction.FORWARD,
        RowMerge.withTombstones(rule, tombstones));
  }

  private static boolean isShownAsItIs(PartitionWindow window, Tombstones tombstones) {
    List<Source> sources = window.sources();
    return sources.size() == 1 && WindowRows.hidesNothing(window, sources.get(0), tombstones);
  }

  private KeyMerge(
      PartitionWindow window,
      ReadScope scope,
      KeyBounds bounds,
      TimeSpan span,
      Direction direction,
      @Nullable RowMerge merge) {
    this.window = window;
    this.span = span;
    this.direction = direction;
    int count = window.sources().size();
    sources = window.sources().toArray(Source[]::new);
    cursors = new KeyCursor[count];
    pending = new boolean[count];
    matching = new boolean[count];
    boolean resident = true;
    for (int i = 0; i < count; i++) {
      cursors[i] = open(sources[i], scope, bounds);
      resident &= sources[i].isResident();
    }
    copy = resident ? null : new KeyCopy();
    this.merge = merge;
    only = merge == null ? cursors[0] : null;
    for (int i = 0; i < count && only == null; i++) {
      pending[i] = cursors[i].advance();
    }
  }

  private KeyCursor open(Source source, ReadScope scope, KeyBounds bounds) {
    // A tombstone may begin before the range, in a source that has no row of the key in the range.
    long reach = source.rangeReach();
    long first =
        reach == RangeReach.NO_RANGES
            ? span.first()
            : RangeReach.firstCovering(span.first(), reach, window.first());
    return source
        .rows(scope)
        .keys(
            scope.version(),
            bounds.firstGroup(),
            bounds.lastGroup(),
            first,
            span.last(),
            direction);
  }

  /** Moves to the next key; false when there is none. */
  public boolean advance() {
    resting = null;
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
      if (pending[i]
          && (current < 0 || direction.step() * compare(cursors[i], cursors[current]) < 0)) {
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
    if (only != null) {
      return only.rows(span.first(), span.last(), direction);
    }
    RowMerge rows = Objects.requireNonNull(merge);
    rows.begin(window, span.first(), span.last());
    for (int i = 0; i < cursors.length; i++) {
      if (matching[i]) {
        rows.add(i, sources[i], cursors[i]);
      }
    }
    return Objects.requireNonNull(rows.finish(), "a key that no source has");
  }

  /** The number in the window of the source that has the current row of {@link #rows()}. */
  public int place() {
    return merge == null ? 0 : merge.place();
  }

  /** A cursor that stands on the current key, for what it says about the key. */
  public KeyCursor key() {
    return cursors[current];
  }

  /**
   * Keeps no page in memory until {@link #rows()} or {@link #advance()} is called: another window
   * is read first. What is known of the current key stays known.
   */
  void rest() {
    KeyCopy key = copy;
    if (key != null) {
      key.take(cursors[current]);
      resting = key;
      for (KeyCursor cursor : cursors) {
        cursor.rest();
      }
    }
  }

  /** Key group of the current key. */
  public int group() {
    return resting == null ? cursors[current].group() : resting.group();
  }

  /** Hash of the current key. */
  public int hash() {
    return resting == null ? cursors[current].hash() : resting.hash();
  }

  /** The buffer with the current key. */
  public ByteBuffer keyBuffer() {
    return resting == null ? cursors[current].keyBuffer() : resting.buffer();
  }

  /** Where the current key starts. */
  public int keyOffset() {
    return resting == null ? cursors[current].keyOffset() : 0;
  }

  /** Length of the current key. */
  public int keyLength() {
    return resting == null ? cursors[current].keyLength() : resting.length();
  }
}
