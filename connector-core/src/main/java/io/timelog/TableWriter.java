package io.timelog;

import io.timelog.internal.engine.EntryReplacement;
import io.timelog.internal.engine.PartSize;
import io.timelog.internal.engine.TableEngine;
import io.timelog.internal.row.Rule;
import java.util.Objects;

/**
 * A {@link Table} as its writer uses it when every call counts: keys, subkeys and values are {@link
 * Span}s of arrays that the caller has anyway, what is read goes into a {@link ByteTarget} or an
 * {@link EntryBatch} of the caller, and no call allocates.
 *
 * <pre>{@code
 * TableWriter writer = table.writer();
 * Span key = new Span();
 * Span value = new Span();
 * ByteTarget old = new ByteTarget();
 * ...
 * if (!writer.get(key.set(buffer, 0, keyLength), window, noSubkey, old)) {
 *   writer.put(key, window, noSubkey, value.set(buffer, keyLength, valueLength));
 * }
 * }</pre>
 *
 * <p>A view, got once by {@link Table#writer()}: it holds no resources and is never closed. All of
 * its methods are for the one writer of the store, reads included, one thread at a time. Reads by
 * other threads, and cursors, are the table's. A read here opens no reader: nothing that is
 * overwritten later is kept because of it.
 *
 * <p>Spans and batches belong to the caller again when a call returns; their bytes must not change
 * before. Nothing of the engine's memory is ever handed out.
 *
 * <p>Unless a method says otherwise it throws
 *
 * <ul>
 *   <li>{@link ConcurrentWriterException} if another thread is in the middle of a write;
 *   <li>{@link IllegalStateException} if this thread is, as inside an {@link Editor} or a codec; if
 *       a drop listener calls it; if the store is closed or the table was dropped; if the table has
 *       the wrong rule, map or multimap;
 *   <li>{@link IllegalArgumentException} if a key, subkey or value is larger than {@link
 *       Table#MAX_PART_BYTES};
 *   <li>for a write, {@link MemoryBudgetExceededException} if there is no room.
 * </ul>
 *
 * and has changed nothing then. {@link TimelogBusyException} alone means that the write was
 * accepted.
 *
 * <p>Costs are given for entries in the memtable. Where the partition window of the timestamp has
 * been flushed, a single entry costs one lookup per segment more, and the call allocates what that
 * needs.
 */
public final class TableWriter {
  private final Table table;
  private final TableEngine engine;

  TableWriter(Table table, TableEngine engine) {
    this.table = table;
    this.engine = engine;
  }

  /** The table that this writes to. */
  public Table table() {
    return table;
  }

  /**
   * Appends an entry to a multimap; as {@link Table#append(byte[], long, byte[])}.
   *
   * @return false if the entry lies below the floor and the table refuses late entries
   */
  public boolean append(Span key, long timestamp, Span value) {
    table.requireRule(Rule.MULTIMAP, "append");
    PartSize.require("key", key.length());
    PartSize.require("value", value.length());
    return engine.append(
        key.bytes(),
        key.offset(),
        key.length(),
        timestamp,
        value.bytes(),
        value.offset(),
        value.length());
  }

  /**
   * Puts an entry into a map, in the place of the one with the same key, timestamp and subkey if
   * there is one. One hash probe, and a step that grows with the logarithm of the key's entries.
   *
   * @return false if the entry lies below the floor and the table refuses late entries
   */
  public boolean put(Span key, long timestamp, Span subkey, Span value) {
    requireMap("put", key, subkey);
    PartSize.require("value", value.length());
    return engine.put(key, timestamp, subkey, value);
  }

  /**
   * Puts an entry into a map unless there is one with the same key, timestamp and subkey. Costs a
   * {@link #contains} and, if there is none, a {@link #put}.
   *
   * @return whether the entry was put: not if there is one, or if it lies below the floor and the
   *     table refuses late entries
   */
  public boolean putIfAbsent(Span key, long timestamp, Span subkey, Span value) {
    requireMap("putIfAbsent", key, subkey);
    PartSize.require("value", value.length());
    return engine.updates().putIfAbsent(key, timestamp, subkey, value);
  }

  /**
   * Reads an entry of a map, has an editor decide what becomes of it, and does that; in one step
   * for other writers, which are refused meanwhile, while readers come and go as they like. Costs a
   * {@link #get} and what the outcome costs, for which everything is in the cache by then.
   *
   * <p>The editor is called once. If it throws, nothing has changed, and the exception reaches the
   * caller as it is. In the editor the store takes no other write, not even this thread's.
   *
   * @return what became of the entry: the editor's outcome; {@link Editor.Outcome#KEEP} as well if
   *     there was nothing to remove, or if the entry lies below the floor and the table refuses
   *     late entries
   */
  public Editor.Outcome update(Span key, long timestamp, Span subkey, Editor editor) {
    requireMap("update", key, subkey);
    Objects.requireNonNull(editor, "editor");
    return engine.updates().update(key, timestamp, subkey, editor);
  }

  /**
   * Removes the entry of a map at a key, timestamp and subkey; does nothing if there is none. Costs
   * what a {@link #put} costs.
   */
  public void remove(Span key, long timestamp, Span subkey) {
    requireMap("remove", key, subkey);
    engine.remove(key, timestamp, subkey);
  }

  /**
   * Removes the entry of a map at a key, timestamp and subkey, and copies the value that it had
   * into a target. Does not throw {@link TimelogBusyException}, which would lose the value. Costs a
   * {@link #get} and a {@link #remove} with one entry into the store.
   *
   * @return whether there was an entry; if not, the target is as it was
   */
  public boolean removeAndGet(Span key, long timestamp, Span subkey, ByteTarget target) {
    requireMap("removeAndGet", key, subkey);
    return engine.removeAndGet(key, timestamp, subkey, Objects.requireNonNull(target, "target"));
  }

  /**
   * Removes what was written so far for one key in the range. O(partition windows in the range and
   * chunks of the key in them); moves the other entries of the first and the last of these chunks.
   */
  public void removeRange(Span key, TimeRange range) {
    PartSize.require("key", key.length());
    engine.removeRange(key, range.first(), range.last());
  }

  /**
   * Removes what was written so far for one key before a timestamp: moves the low end of the key
   * up. As {@link #removeRange}; chunks that have only older entries are let go as they are, and
   * their memory is used again by the next writes. Entries that are written later may lie below the
   * timestamp; to keep them out, see {@link Table#deleteBefore}.
   */
  public void removeBefore(Span key, long timestamp) {
    PartSize.require("key", key.length());
    if (timestamp != Long.MIN_VALUE) {
      engine.removeRange(key, Long.MIN_VALUE, timestamp - 1);
    }
  }

  /**
   * Puts the entries of a batch in the place of all entries that a key has at a timestamp, in one
   * step: a reader sees either these or those, whatever map or multimap. An empty batch removes
   * them. In a multimap the batch's order is the order of arrival; in a map the last entry of a
   * subkey counts. Costs one hash probe and a copy of the batch, however many entries there were;
   * in a map a batch that is not in the order of subkeys is sorted. Readers that begin meanwhile
   * wait for the end, so a batch should not have millions of entries.
   *
   * <p>The entries are written beside those that are there, which are let go when all are written,
   * unless they fit where those are. So near the bound of a budget this may be refused where a
   * {@code removeRange} and writes of their own would be accepted.
   *
   * @return whether anything changed: not if there are no entries before and after, or if they lie
   *     below the floor and the table refuses late entries
   * @throws IllegalArgumentException if an entry of the batch has another timestamp, or a subkey in
   *     a multimap
   */
  public boolean replaceAll(Span key, long timestamp, EntryBatch batch) {
    PartSize.require("key", key.length());
    int valueLength = requireReplacement(timestamp, batch);
    return engine.replacement().replaceAll(key, timestamp, batch, valueLength);
  }

  /** Returns the length of every value, if it is the same. */
  private int requireReplacement(long timestamp, EntryBatch batch) {
    boolean map = engine.rule() == Rule.MAP;
    int valueLength = batch.isEmpty() ? 0 : batch.valueLength(0);
    for (int i = 0; i < batch.size(); i++) {
      PartSize.require("subkey", batch.subkeyLength(i));
      PartSize.require("value", batch.valueLength(i));
      valueLength = batch.valueLength(i) == valueLength ? valueLength : EntryReplacement.UNLIKE;
      if (batch.timestamp(i) != timestamp) {
        throw new IllegalArgumentException(
            "An entry that replaces others must have their timestamp: entry="
                + i
                + ", timestamp="
                + batch.timestamp(i)
                + ", wanted="
                + timestamp
                + ", table="
                + table.name());
      }
      if (!map && batch.subkeyLength(i) > 0) {
        throw new IllegalArgumentException(
            "An entry of a multimap has no subkey: entry="
                + i
                + ", subkeyBytes="
                + batch.subkeyLength(i)
                + ", table="
                + table.name());
      }
    }
    return valueLength;
  }

  /**
   * Copies the value of the entry of a map at a key, timestamp and subkey into a target. One hash
   * probe, and a step that grows with the logarithm of the key's entries; one atomic operation,
   * where {@link Table#get(Span, long, Span, ByteTarget)} takes five.
   *
   * @return false, and the target is as it was, if there is none
   */
  public boolean get(Span key, long timestamp, Span subkey, ByteTarget target) {
    requireMap("get", key, subkey);
    return engine.reads().get(key, timestamp, subkey, Objects.requireNonNull(target, "target"));
  }

  /** Whether a map has an entry at a key, timestamp and subkey. As {@link #get}, without a copy. */
  public boolean contains(Span key, long timestamp, Span subkey) {
    requireMap("contains", key, subkey);
    return engine.reads().get(key, timestamp, subkey, null);
  }

  /**
   * Copies entries of one key into a batch, from a position on; as {@link
   * TableReader#readBatch(Span, BatchPosition, EntryBatch)}, without opening a reader. Where
   * partition windows of the range have been flushed or lie under a delete, the call allocates some
   * small objects; none for an entry.
   *
   * @return the number of entries in the batch; 0 if there are none behind the position
   */
  public int readBatch(Span key, BatchPosition position, EntryBatch batch) {
    PartSize.require("key", key.length());
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(batch, "batch");
    return BatchReads.readNow(engine, key, position, batch);
  }

  /**
   * How many entries a key has at a timestamp. One hash probe and a step for each chunk of entries,
   * without a look at them one by one, where their partition window has not been flushed.
   */
  public long count(Span key, long timestamp) {
    PartSize.require("key", key.length());
    return BatchReads.count(engine, key, timestamp);
  }

  private void requireMap(String operation, Span key, Span subkey) {
    table.requireRule(Rule.MAP, operation);
    PartSize.require("key", key.length());
    PartSize.require("subkey", subkey.length());
  }

  @Override
  public String toString() {
    return "TableWriter[" + table.name() + "]";
  }
}
