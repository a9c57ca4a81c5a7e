package io.timelog.internal.row;

import io.timelog.Span;
import io.timelog.internal.key.Key;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A sorted set of rows that readers merge with others: a window of a memtable or a segment.
 *
 * <p>Bounds are inclusive at both ends, so that every value of {@code long} can be a timestamp.
 * {@code version} is the newest version of the memtable that the reader may see; sources that never
 * change ignore it. Any number of threads may read; each cursor belongs to one thread.
 */
public interface RowSource {
  /**
   * The same rows for one reader. What is not in memory can only be read so: it stays there while a
   * cursor of the reader stands on it.
   */
  default RowSource within(ReadScope scope) {
    return this;
  }

  /** Rows of the key with {@code first <= timestamp <= last}; null if there is no such key. */
  @Nullable RowCursor find(Key key, long version, long first, long last, Direction direction);

  /** As {@link #find(Key, long, long, long, Direction)}, oldest first. */
  default @Nullable RowCursor find(Key key, long version, long first, long last) {
    return find(key, version, first, last, Direction.FORWARD);
  }

  /**
   * The keys with {@code firstGroup <= group <= lastGroup} that have rows with {@code first <=
   * timestamp <= last}, in key order. May include keys without rows in the range where it would
   * cost more to look than to let the caller find out.
   */
  KeyCursor keys(
      long version, int firstGroup, int lastGroup, long first, long last, Direction direction);

  /** As {@link #keys(long, int, int, long, long, Direction)}, in key order. */
  default KeyCursor keys(long version, int firstGroup, int lastGroup, long first, long last) {
    return keys(version, firstGroup, lastGroup, first, last, Direction.FORWARD);
  }

  /** Whether the key has a row, entry or tombstone, with {@code first <= timestamp <= last}. */
  default boolean hasRows(Key key, long version, long first, long last) {
    RowCursor rows = find(key, version, first, last);
    return rows != null && rows.advance();
  }

  /** All keys with {@code firstGroup <= group <= lastGroup}, in key order. */
  default KeyCursor keys(long version, int firstGroup, int lastGroup) {
    return keys(version, firstGroup, lastGroup, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /**
   * The row of a map, an entry or a tombstone for one entry, at a timestamp and subkey: a cursor
   * that stands on it, or null if there is none. Range tombstones are passed over.
   *
   * <p>This default walks the rows of the timestamp. Sources that can search them override it.
   */
  default @Nullable RowCursor findEntry(Key key, long version, long timestamp, Span subkey) {
    RowCursor rows = find(key, version, timestamp, timestamp, Direction.FORWARD);
    return rows != null && rows.advanceTo(subkey) ? rows : null;
  }

  /**
   * The rows of a map behind the place of an entry: those at {@code first} whose subkey is after
   * {@code subkey}, and all later ones up to {@code last}, included, oldest first; null if there is
   * no such key. Range tombstones at {@code first} may be left out. May begin before the place.
   *
   * <p>This default begins at the timestamp. Sources that can search for the place override it.
   */
  default @Nullable RowCursor findBehind(
      Key key, long version, long first, Span subkey, long last) {
    return find(key, version, first, last, Direction.FORWARD);
  }

  /**
   * The timestamp of the first row of any key with {@code first <= timestamp <= last} in a
   * direction, tombstones included: the oldest forward, the newest backward; empty if there is
   * none. Exact.
   *
   * <p>This default opens every key. Sources that know the bounds of their parts override it.
   */
  default OptionalLong firstTimestamp(long version, long first, long last, Direction direction) {
    KeyCursor keys = keys(version, 0, Integer.MAX_VALUE, first, last, direction);
    boolean found = false;
    long best = 0;
    while (keys.advance()) {
      RowCursor rows = keys.rows(first, last, direction);
      if (rows.advance()
          && (!found || direction.step() * Long.compare(rows.timestamp(), best) < 0)) {
        found = true;
        best = rows.timestamp();
      }
    }
    return found ? OptionalLong.of(best) : OptionalLong.empty();
  }
}
