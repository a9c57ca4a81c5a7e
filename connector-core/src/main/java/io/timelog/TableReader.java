package io.timelog;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads of one table: of the latest state when called on a {@link Table}, of a fixed state when
 * called on a table of a {@link Snapshot}. Any thread may read; a cursor sees the state of the
 * moment it was opened.
 */
public interface TableReader {
  /** The name of the table. */
  String name();

  /**
   * The value at {@code (key, timestamp)} with the empty subkey, or null.
   *
   * @throws IllegalStateException if the table is a multimap or the store is closed
   */
  default byte @Nullable [] get(byte[] key, long timestamp) {
    return get(key, timestamp, Table.NO_SUBKEY);
  }

  /**
   * The value at {@code (key, timestamp, subkey)}, or null. One hash probe per source of the
   * partition window, then a walk of the key's entries in it.
   *
   * @throws IllegalStateException if the table is a multimap or the store is closed
   */
  byte @Nullable [] get(byte[] key, long timestamp, byte[] subkey);

  /**
   * The entries of one key in the range, oldest first; equal timestamps in the order of arrival
   * (multimap) or of subkey (map). One hash probe per partition window that the range touches.
   */
  Cursor scan(byte[] key, TimeRange range);

  /** The exact reverse of {@link #scan(byte[], TimeRange)}. */
  Cursor scanBackward(byte[] key, TimeRange range);

  /**
   * The entries of all keys in the range, in time order: by timestamp, then key bytes as unsigned
   * numbers (after the key group), then as in {@link #scan(byte[], TimeRange)}. Gathers and sorts
   * one partition window at a time, or a part of it where the table {@linkplain
   * TableOptions.Builder#indexTime() indexes time}.
   */
  Cursor scanAll(TimeRange range);

  /** The exact reverse of {@link #scanAll(TimeRange)}. */
  Cursor scanAllBackward(TimeRange range);

  /**
   * The entries of all keys in the range, by key inside each partition window: by partition window,
   * key group, key bytes as unsigned numbers, timestamp, arrival or subkey.
   */
  default Cursor scanByKey(TimeRange range) {
    return scanByKey(null, null, range);
  }

  /**
   * As {@link #scanByKey(TimeRange)} for {@code firstKey <= key <= lastKey}; null means unbounded.
   */
  Cursor scanByKey(byte @Nullable [] firstKey, byte @Nullable [] lastKey, TimeRange range);

  /** The exact reverse of {@link #scanByKey(byte[], byte[], TimeRange)}. */
  Cursor scanByKeyBackward(byte @Nullable [] firstKey, byte @Nullable [] lastKey, TimeRange range);

  /**
   * As {@link #scanByKey(TimeRange)} for the keys of the key groups {@code firstGroup} to {@code
   * lastGroup}, both included, in one pass.
   */
  Cursor scanKeyGroups(int firstGroup, int lastGroup, TimeRange range);

  /**
   * The entries of one key in the range as they lie in the pages of segments, for whoever looks at
   * many timestamps: neither they nor values are copied. Spans come by their first timestamp; they
   * may overlap one another until a compaction has merged their segments. Entries that are still in
   * the memtable are in no span: have the store {@linkplain TimelogStore#flush() flushed} before.
   * One lookup per segment, then a step per page.
   *
   * @param codec decodes the values that are asked for
   * @throws IllegalStateException if the table is a map or the store is closed
   */
  <V> PageSpans<V> pageSpans(byte[] key, TimeRange range, Codec<V> codec);

  /** The number of entries of one key in the range, without reading values. */
  long count(byte[] key, TimeRange range);

  /** The smallest timestamp of any entry; empty if there is none. */
  OptionalLong minTimestamp();

  /** The largest timestamp of any entry; empty if there is none. */
  OptionalLong maxTimestamp();
}
