package io.timelog.internal.row;

import io.timelog.internal.key.Key;
import org.jspecify.annotations.Nullable;

/**
 * A sorted body of rows that readers merge: a window of a memtable or a segment.
 *
 * <p>Bounds are inclusive at both ends, so that every value of {@code long} can be a timestamp.
 * {@code version} is the newest version of the memtable that the reader may see; sources that never
 * change ignore it. Any number of threads may read; each cursor belongs to one thread.
 */
public interface RowSource {
  /**
   * Rows of the key with {@code first <= timestamp <= last}, oldest first; null if there is no such
   * key.
   */
  @Nullable RowCursor find(Key key, long version, long first, long last);

  /** As {@link #find}, newest first. */
  @Nullable RowCursor findBackward(Key key, long version, long first, long last);

  /** Whether the key has a row, entry or tombstone, with {@code first <= timestamp <= last}. */
  default boolean hasRows(Key key, long version, long first, long last) {
    RowCursor rows = find(key, version, first, last);
    return rows != null && rows.advance();
  }

  /** All keys with {@code firstGroup <= group <= lastGroup}, in key order. */
  default KeyCursor keys(long version, int firstGroup, int lastGroup) {
    return keys(version, firstGroup, lastGroup, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** As {@link #keys(long, int, int)}, in reverse. */
  default KeyCursor keysBackward(long version, int firstGroup, int lastGroup) {
    return keysBackward(version, firstGroup, lastGroup, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /**
   * The keys with {@code firstGroup <= group <= lastGroup} that have rows with {@code first <=
   * timestamp <= last}, in key order; perhaps some more, as far as it is cheaper not to look.
   */
  KeyCursor keys(long version, int firstGroup, int lastGroup, long first, long last);

  /** As {@link #keys(long, int, int, long, long)}, in reverse. */
  KeyCursor keysBackward(long version, int firstGroup, int lastGroup, long first, long last);
}
