package io.timelog;

import io.timelog.internal.engine.PartSize;
import io.timelog.internal.engine.StoreEngine;
import io.timelog.internal.engine.TableEngine;
import io.timelog.internal.row.Rule;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One of the named sets of entries in a {@link TimelogStore}: keys, timestamps and values, all of
 * them bytes. {@link #as(Codec, Codec)} shows it in types of Java.
 *
 * <p>Writes are for the one writer of the store; reads are for any thread. A write copies what it
 * is given. A write that throws has changed nothing, with one exception that says so: {@link
 * TimelogBusyException}.
 */
public final class Table implements TableReader {
  /** The subkey of entries that have none. */
  static final byte[] NO_SUBKEY = new byte[0];

  /** The most bytes that a key, a subkey or a value may have, each for itself: 256 MiB. */
  public static final int MAX_PART_BYTES = 256 << 20;

  private final StoreEngine store;
  private final TableEngine engine;
  private final TableReader present;
  private final ForgottenIterators forgotten;
  private final TableWriter writer;

  Table(StoreEngine store, TableEngine engine) {
    this.store = store;
    this.engine = engine;
    this.present = new EngineReader(engine, engine::lease);
    this.forgotten = new ForgottenIterators("table " + engine.name() + " of " + store.name());
    this.writer = new TableWriter(this, engine);
  }

  @Override
  public String name() {
    return engine.name();
  }

  /** What a write does when maintenance lags: a setting of the store. */
  public BusyPolicy busyPolicy() {
    return store.settings().busyPolicy();
  }

  /**
   * Appends an entry to a multimap. O(1) if it is in order: one hash probe; else it is moved into
   * place among the entries of a chunk of some KiB.
   *
   * @return false if the entry lies below the floor and the table refuses late entries
   * @throws IllegalStateException if the table is a map or the store is closed
   * @throws ConcurrentWriterException if another thread is writing to the store
   * @throws MemoryBudgetExceededException if there is no room; the entry was not accepted
   * @throws TimelogBusyException if maintenance lags; the entry <em>was</em> accepted
   */
  public boolean append(byte[] key, long timestamp, byte[] value) {
    requireRule(Rule.MULTIMAP, "append");
    PartSize.require("key", key);
    PartSize.require("value", value);
    return engine.append(key, 0, key.length, timestamp, value, 0, value.length);
  }

  /** As {@link #append(byte[], long, byte[])}, from spans of arrays. */
  public boolean append(
      byte[] key,
      int keyOffset,
      int keyLength,
      long timestamp,
      byte[] value,
      int valueOffset,
      int valueLength) {
    requireRule(Rule.MULTIMAP, "append");
    Objects.checkFromIndexSize(keyOffset, keyLength, key.length);
    Objects.checkFromIndexSize(valueOffset, valueLength, value.length);
    PartSize.require("key", keyLength);
    PartSize.require("value", valueLength);
    return engine.append(key, keyOffset, keyLength, timestamp, value, valueOffset, valueLength);
  }

  /** As {@link #put(byte[], long, byte[], byte[])} with the empty subkey. */
  public boolean put(byte[] key, long timestamp, byte[] value) {
    return put(key, timestamp, NO_SUBKEY, value);
  }

  /**
   * Puts an entry into a map, in the place of the one with the same key, timestamp and subkey if
   * there is one.
   *
   * @return false if the entry lies below the floor and the table refuses late entries
   * @throws IllegalStateException if the table is a multimap or the store is closed
   * @throws ConcurrentWriterException if another thread is writing to the store
   * @throws MemoryBudgetExceededException if there is no room; the entry was not accepted
   * @throws TimelogBusyException if maintenance lags; the entry <em>was</em> accepted
   */
  public boolean put(byte[] key, long timestamp, byte[] subkey, byte[] value) {
    requireRule(Rule.MAP, "put");
    PartSize.require("key", key);
    PartSize.require("subkey", subkey);
    PartSize.require("value", value);
    return engine.put(key, timestamp, subkey, value);
  }

  /** As {@link #remove(byte[], long, byte[])} with the empty subkey. */
  public void remove(byte[] key, long timestamp) {
    remove(key, timestamp, NO_SUBKEY);
  }

  /**
   * Removes the entry of a map at a key, timestamp and subkey; does nothing if there is none.
   *
   * @throws IllegalStateException if the table is a multimap or the store is closed
   */
  public void remove(byte[] key, long timestamp, byte[] subkey) {
    requireRule(Rule.MAP, "remove");
    PartSize.require("key", key);
    PartSize.require("subkey", subkey);
    engine.remove(key, timestamp, subkey);
  }

  /** As {@link #removeAndGet(byte[], long, byte[])} with the empty subkey. */
  public byte @Nullable [] removeAndGet(byte[] key, long timestamp) {
    return removeAndGet(key, timestamp, NO_SUBKEY);
  }

  /**
   * Removes the entry of a map at a key, timestamp and subkey, and returns a copy of the value that
   * it had; null if there is none. Cheaper than a {@code get} and a {@code remove}.
   *
   * @throws IllegalStateException if the table is a multimap or the store is closed
   * @throws ConcurrentWriterException if another thread is writing to the store
   * @throws MemoryBudgetExceededException if there is no room; nothing was removed
   */
  public byte @Nullable [] removeAndGet(byte[] key, long timestamp, byte[] subkey) {
    requireRule(Rule.MAP, "removeAndGet");
    PartSize.require("key", key);
    PartSize.require("subkey", subkey);
    ByteTarget taken = new ByteTarget();
    return engine.removeAndGet(Span.of(key), timestamp, Span.of(subkey), taken)
        ? taken.toByteArray()
        : null;
  }

  /**
   * Removes what was written so far for one key in the range. O(entries of the key in the range).
   */
  public void removeRange(byte[] key, TimeRange range) {
    PartSize.require("key", key);
    engine.removeRange(key, Objects.requireNonNull(range, "range"));
  }

  /**
   * Deletes what was written so far in the range, of all keys. O(partition windows); the entries
   * are hidden at once and leave memory as flush and compaction come by.
   */
  public void deleteRange(TimeRange range) {
    engine.deleteRange(Objects.requireNonNull(range, "range"));
  }

  /**
   * Deletes everything older than {@code cutoff}, of all keys. O(partition windows): those that end
   * before the cutoff are dropped whole, and nothing is written per entry. Whether entries that
   * come later may lie below the cutoff is the table's {@link LateEntries} policy.
   */
  public void deleteBefore(long cutoff) {
    engine.deleteBefore(cutoff);
  }

  /**
   * What the writer of a table with many entries a second uses: the same operations and more, on
   * parts of arrays and without an allocation. The same object each time; holds no resources.
   */
  public TableWriter writer() {
    return writer;
  }

  void requireRule(Rule rule, String operation) {
    if (engine.rule() != rule) {
      throw new IllegalStateException(
          rule == Rule.MAP
              ? operation + " needs a map, and this table is a multimap: table=" + name()
              : operation + " needs a multimap, and this table is a map: table=" + name());
    }
  }

  /**
   * This table as one of keys and values that these codecs turn into bytes. In a map, its entries
   * are those with the empty subkey.
   */
  public <K, V> TypedTable<K, V> as(Codec<K> keys, Codec<V> values) {
    return new TypedTable<>(this, keys, values);
  }

  /**
   * This table as one of keys, subkeys and values that these codecs turn into bytes.
   *
   * @throws IllegalStateException if the table is a multimap
   */
  public <K, S, V> TypedMap<K, S, V> as(Codec<K> keys, Codec<S> subkeys, Codec<V> values) {
    requireRule(Rule.MAP, "a view with subkeys");
    return new TypedMap<>(this, keys, subkeys, values);
  }

  ForgottenIterators forgotten() {
    return forgotten;
  }

  /**
   * How many iterators and streams of typed views of this table were neither read to their end nor
   * closed, and closed only after they were garbage collected. Anything but 0 is a fault of the
   * program.
   */
  public long forgottenIterators() {
    return forgotten.count();
  }

  /** The newest cutoff of {@link #deleteBefore}; {@link Long#MIN_VALUE} if there was none. */
  public long floor() {
    return engine.cutoff();
  }

  /** The table in numbers. O(sources). */
  public TableStats stats() {
    return engine.stats();
  }

  @Override
  public byte @Nullable [] get(byte[] key, long timestamp, byte[] subkey) {
    requireRule(Rule.MAP, "get");
    return present.get(key, timestamp, subkey);
  }

  @Override
  public boolean get(Span key, long timestamp, Span subkey, ByteTarget target) {
    return present.get(key, timestamp, subkey, target);
  }

  @Override
  public int readBatch(Span key, BatchPosition position, EntryBatch batch) {
    return present.readBatch(key, position, batch);
  }

  @Override
  public Cursor scan(byte[] key, TimeRange range) {
    return present.scan(key, range);
  }

  @Override
  public Cursor scanBackward(byte[] key, TimeRange range) {
    return present.scanBackward(key, range);
  }

  @Override
  public Cursor scanAll(TimeRange range) {
    return present.scanAll(range);
  }

  @Override
  public Cursor scanAllBackward(TimeRange range) {
    return present.scanAllBackward(range);
  }

  @Override
  public Cursor scanByKey(byte @Nullable [] firstKey, byte @Nullable [] lastKey, TimeRange range) {
    return present.scanByKey(firstKey, lastKey, range);
  }

  @Override
  public Cursor scanByKeyBackward(
      byte @Nullable [] firstKey, byte @Nullable [] lastKey, TimeRange range) {
    return present.scanByKeyBackward(firstKey, lastKey, range);
  }

  @Override
  public Cursor scanKeyGroups(int firstGroup, int lastGroup, TimeRange range) {
    return present.scanKeyGroups(firstGroup, lastGroup, range);
  }

  @Override
  public Cursor scanKeyGroupsBackward(int firstGroup, int lastGroup, TimeRange range) {
    return present.scanKeyGroupsBackward(firstGroup, lastGroup, range);
  }

  @Override
  public Cursor scanKeys(byte @Nullable [] firstKey, byte @Nullable [] lastKey, TimeRange range) {
    return present.scanKeys(firstKey, lastKey, range);
  }

  @Override
  public Cursor scanKeysBackward(
      byte @Nullable [] firstKey, byte @Nullable [] lastKey, TimeRange range) {
    return present.scanKeysBackward(firstKey, lastKey, range);
  }

  @Override
  public Cursor keys(TimeRange range) {
    return present.keys(range);
  }

  @Override
  public Cursor keysBackward(TimeRange range) {
    return present.keysBackward(range);
  }

  @Override
  public long liveEntries() {
    return present.liveEntries();
  }

  @Override
  public <V> PageSpans<V> pageSpans(byte[] key, TimeRange range, Codec<V> codec) {
    return present.pageSpans(key, range, codec);
  }

  @Override
  public long count(byte[] key, TimeRange range) {
    return present.count(key, range);
  }

  @Override
  public OptionalLong minTimestamp() {
    return present.minTimestamp();
  }

  @Override
  public OptionalLong maxTimestamp() {
    return present.maxTimestamp();
  }

  @Override
  public String toString() {
    return "Table[" + name() + " of " + store.name() + "]";
  }
}
