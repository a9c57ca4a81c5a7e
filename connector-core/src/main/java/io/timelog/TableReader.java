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
   * Copies the value at {@code (key, timestamp, subkey)} into a target; false, and the target is as
   * it was, if there is none. Costs as {@link #get(byte[], long, byte[])}, without an array for the
   * value.
   *
   * @throws IllegalStateException if the table is a multimap or the store is closed
   */
  boolean get(Span key, long timestamp, Span subkey, ByteTarget target);

  /**
   * Copies entries of one key into a batch, from a position on, oldest first, until the batch is
   * full, and moves the position behind them. Nothing is held between two reads, so they may be as
   * far apart as wanted; what is written between them is seen by the second if it lies behind the
   * position.
   *
   * <pre>{@code
   * BatchPosition position = new BatchPosition();
   * EntryBatch batch = new EntryBatch(128, 64 << 10);
   * while (table.readBatch(key, position, batch) > 0) { ... }
   * }</pre>
   *
   * <p>A read opens the partition windows from the position on, one hash probe each, and finds its
   * place in a map as a {@code get} does. In a multimap the entries at the timestamp of the
   * position that were read before are stepped over; entries that are removed from that timestamp
   * meanwhile make it pass over as many that were not read.
   *
   * @return the number of entries in the batch; 0 if there are none behind the position
   * @throws IllegalStateException if the store is closed or the table was dropped; the position is
   *     where it was
   */
  int readBatch(Span key, BatchPosition position, EntryBatch batch);

  /**
   * The entries of one key in the range, oldest first; equal timestamps in the order of arrival
   * (multimap) or of subkey (map). One hash probe per partition window that the range touches.
   */
  Cursor scan(byte[] key, TimeRange range);

  /**
   * As {@link #scan(byte[], TimeRange)}. Copies the key, which the cursor needs until it is closed;
   * what is to be read without an object for each scan is read by {@link #readBatch}.
   */
  default Cursor scan(Span key, TimeRange range) {
    return scan(key.toByteArray(), range);
  }

  /** The exact reverse of {@link #scan(byte[], TimeRange)}. */
  Cursor scanBackward(byte[] key, TimeRange range);

  /** The exact reverse of {@link #scan(Span, TimeRange)}. */
  default Cursor scanBackward(Span key, TimeRange range) {
    return scanBackward(key.toByteArray(), range);
  }

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
   * The entries of the key groups {@code firstGroup} to {@code lastGroup}, both included, by key
   * group: by key group, key bytes as unsigned numbers, timestamp, arrival or subkey, whatever
   * partition windows they lie in. So the entries of a group stand together, and those of a key as
   * well; {@link Cursor#keyGroup()} and {@link Cursor#keyNumber()} tell where the next begins. To
   * read many groups one by one, scan all of them once and stop in between.
   *
   * <p>The first step opens every partition window that the range touches and sorts its keys once;
   * a step to another key then costs O(log windows). Until it is closed the cursor holds 8 bytes of
   * heap for each key and partition window of the memtable.
   *
   * @throws IllegalArgumentException if {@code firstGroup} is negative or {@code lastGroup} smaller
   */
  Cursor scanKeyGroups(int firstGroup, int lastGroup, TimeRange range);

  /**
   * The entries of {@code firstKey <= key <= lastKey} in the range, in the order of {@link
   * #scanKeyGroups}, which is that of {@link #scanByKey(byte[], byte[], TimeRange)} but for the
   * partition windows; null means unbounded. Costs what {@link #scanKeyGroups} costs over all
   * groups, without opening the entries of keys outside of the bounds.
   */
  Cursor scanKeys(byte @Nullable [] firstKey, byte @Nullable [] lastKey, TimeRange range);

  /** The exact reverse of {@link #scanKeys(byte[], byte[], TimeRange)}. */
  Cursor scanKeysBackward(byte @Nullable [] firstKey, byte @Nullable [] lastKey, TimeRange range);

  /** The exact reverse of {@link #scanKeyGroups(int, int, TimeRange)}. */
  Cursor scanKeyGroupsBackward(int firstGroup, int lastGroup, TimeRange range);

  /**
   * The keys that have entries in the range, each once, in the order of {@link #scanKeyGroups}: the
   * cursor stands on the oldest entry of each key in the range. Costs what {@link #scanKeyGroups}
   * costs without stepping over the other entries: a probe for each key and partition window.
   */
  Cursor keys(TimeRange range);

  /** The keys of {@link #keys(TimeRange)} in reverse, each with its newest entry in the range. */
  Cursor keysBackward(TimeRange range);

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

  /**
   * About how many entries the table holds, for metrics: the number of rows in all sources,
   * tombstones in segments left out. Exact after a compaction of every partition window, and in
   * tables where nothing was replaced, removed or deleted in part after it was flushed. Until then
   * it also counts tombstones in the memtable, values in segments that newer ones replaced, and
   * what {@code removeRange}, {@code deleteRange} or {@code deleteBefore} hides in partition
   * windows that it did not drop as a whole. Of a snapshot, entries written to the memtable since
   * are counted as well. O(sources); reads no entry.
   */
  long liveEntries();

  /**
   * The smallest timestamp of any entry; empty if there is none. Exact.
   *
   * <p>Usually O(sources of the oldest partition window): bounds are kept with the memtable and
   * with each page of a segment. Where the entry at the bound was removed, or lies in a part of the
   * window that {@code deleteBefore} or {@code deleteRange} hides, one probe for each key of that
   * window in the memtable and a look at the page directory of its segments; the same for all keys
   * of the window while tombstones of {@code remove} or {@code removeRange} wait for a compaction
   * there. Entries are never gathered or sorted.
   */
  OptionalLong minTimestamp();

  /** The largest timestamp of any entry; empty if there is none. As {@link #minTimestamp()}. */
  OptionalLong maxTimestamp();
}
