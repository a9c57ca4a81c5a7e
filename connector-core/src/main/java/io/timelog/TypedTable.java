package io.timelog;

import io.timelog.internal.log.CheckedCodec;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Table} seen through a codec for its keys and one for its values: what {@link Timelog} is
 * for one log, for many keys.
 *
 * <pre>{@code
 * TypedTable<String, Long> visits = store.createTable(TableOptions.multimap("visits").build())
 *     .as(Codecs.utf8(), Codecs.longs());
 * visits.append("alice", 10, 7L);
 * for (Entry<Long> visit : visits.range("alice", TimeRange.since(5))) {
 *   ...
 * }
 * }</pre>
 *
 * <p>A view: it holds nothing itself, and what is done to the table is seen here and the other way
 * round. In a map it writes entries with the empty subkey; for other subkeys, see {@link TypedMap}.
 * What holds of the methods of {@link Table} of the same name holds here: exceptions, threads,
 * cost. Codecs run outside the write that they encode for, so they may read the table. Each call
 * allocates an array for the key and one for the value; what cannot afford that uses the table
 * itself.
 *
 * <p>Two keys are the same if the codec makes the same bytes of them, whatever their {@code equals}
 * says. As thread-safe as the table and the codecs.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values; never null
 */
public final class TypedTable<K, V> {
  private final Table table;
  private final CheckedCodec<K> keys;
  private final CheckedCodec<V> values;

  TypedTable(Table table, Codec<K> keys, Codec<V> values) {
    this.table = table;
    this.keys = new CheckedCodec<>(keys);
    this.values = new CheckedCodec<>(values);
  }

  /** The table that this is a view of. */
  public Table table() {
    return table;
  }

  /** As {@link Table#append(byte[], long, byte[])}. */
  public boolean append(K key, long timestamp, V value) {
    return table.append(keys.encode(key), timestamp, values.encode(value));
  }

  /** As {@link Table#put(byte[], long, byte[])}. */
  public boolean put(K key, long timestamp, V value) {
    return table.put(keys.encode(key), timestamp, values.encode(value));
  }

  /** As {@link Table#get(byte[], long)}. */
  public @Nullable V get(K key, long timestamp) {
    byte[] value = table.get(keys.encode(key), timestamp);
    return value == null ? null : values.decode(value);
  }

  /** As {@link Table#remove(byte[], long)}. */
  public void remove(K key, long timestamp) {
    table.remove(keys.encode(key), timestamp);
  }

  /** As {@link Table#removeAndGet(byte[], long)}. */
  public @Nullable V removeAndGet(K key, long timestamp) {
    byte[] value = table.removeAndGet(keys.encode(key), timestamp);
    return value == null ? null : values.decode(value);
  }

  /** As {@link Table#removeRange(byte[], TimeRange)}. */
  public void removeRange(K key, TimeRange range) {
    table.removeRange(keys.encode(key), range);
  }

  /** As {@link Table#deleteRange(TimeRange)}. */
  public void deleteRange(TimeRange range) {
    table.deleteRange(range);
  }

  /** As {@link Table#deleteBefore(long)}. */
  public void deleteBefore(long cutoff) {
    table.deleteBefore(cutoff);
  }

  /** The entries of one key, oldest first; as {@link Table#scan(byte[], TimeRange)}. */
  public EntryRange<Entry<V>> range(K key, TimeRange range) {
    Objects.requireNonNull(range, "range");
    byte[] bytes = keys.encode(key);
    Function<Cursor, Entry<V>> reader =
        cursor -> new Entry<>(cursor.timestamp(), values.read(cursor.valueBuffer()));
    return new EntryRange<>(
        range,
        () -> new TableEntries<>(table.scan(bytes, range), reader),
        () -> new TableEntries<>(table.scanBackward(bytes, range), reader),
        table.forgotten());
  }

  /** The entries of one key in {@code [start, end)}, oldest first. */
  public EntryRange<Entry<V>> range(K key, long start, long end) {
    return range(key, TimeRange.of(start, end));
  }

  /** All entries of one key, oldest first. */
  public EntryRange<Entry<V>> all(K key) {
    return range(key, TimeRange.all());
  }

  /** The entries of all keys, in the order of time; as {@link Table#scanAll(TimeRange)}. */
  public EntryRange<KeyedEntry<K, V>> range(TimeRange range) {
    Objects.requireNonNull(range, "range");
    return new EntryRange<>(
        range,
        () -> keyed(table.scanAll(range)),
        () -> keyed(table.scanAllBackward(range)),
        table.forgotten());
  }

  /** The entries of all keys in {@code [start, end)}, in the order of time. */
  public EntryRange<KeyedEntry<K, V>> range(long start, long end) {
    return range(TimeRange.of(start, end));
  }

  /** All entries of all keys, in the order of time. */
  public EntryRange<KeyedEntry<K, V>> all() {
    return range(TimeRange.all());
  }

  /** The entries of all keys, key by key; as {@link Table#scanByKey(TimeRange)}. */
  public EntryRange<KeyedEntry<K, V>> byKey(TimeRange range) {
    Objects.requireNonNull(range, "range");
    return new EntryRange<>(
        range,
        () -> keyed(table.scanByKey(range)),
        () -> keyed(table.scanByKeyBackward(null, null, range)),
        table.forgotten());
  }

  private TableEntries<KeyedEntry<K, V>> keyed(Cursor cursor) {
    KeyReader<K> key = new KeyReader<>(keys);
    return new TableEntries<>(
        cursor,
        at -> new KeyedEntry<>(key.apply(at), at.timestamp(), values.read(at.valueBuffer())));
  }

  /** As {@link Table#count(byte[], TimeRange)}. */
  public long count(K key, TimeRange range) {
    return table.count(keys.encode(key), range);
  }

  @Override
  public String toString() {
    return "Typed" + table;
  }
}
