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

  /** All keys with {@code firstGroup <= group <= lastGroup}, in key order. */
  KeyCursor keys(long version, int firstGroup, int lastGroup);

  /** As {@link #keys}, in reverse. */
  KeyCursor keysBackward(long version, int firstGroup, int lastGroup);
}
