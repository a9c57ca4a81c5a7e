package io.timelog;

import io.timelog.internal.log.CheckedCodec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Table} of the kind map, seen through a codec for its keys, one for its subkeys and one
 * for its values.
 *
 * <pre>{@code
 * TypedMap<String, String, Long> stock = store.createTable(TableOptions.map("stock").build())
 *     .as(Codecs.utf8(), Codecs.utf8(), Codecs.longs());
 * stock.put("berlin", today, "apples", 12L);
 * }</pre>
 *
 * <p>Like {@link TypedTable} in everything else.
 *
 * @param <K> the type of the keys
 * @param <S> the type of the subkeys
 * @param <V> the type of the values; never null
 */
public final class TypedMap<K, S, V> {
  private final Table table;
  private final CheckedCodec<K> keys;
  private final CheckedCodec<S> subkeys;
  private final CheckedCodec<V> values;

  TypedMap(Table table, Codec<K> keys, Codec<S> subkeys, Codec<V> values) {
    this.table = table;
    this.keys = new CheckedCodec<>(keys);
    this.subkeys = new CheckedCodec<>(subkeys);
    this.values = new CheckedCodec<>(values);
  }

  /** The table that this is a view of. */
  public Table table() {
    return table;
  }

  /** As {@link Table#put(byte[], long, byte[], byte[])}. */
  public boolean put(K key, long timestamp, S subkey, V value) {
    return table.put(keys.encode(key), timestamp, subkeys.encode(subkey), values.encode(value));
  }

  /** As {@link Table#get(byte[], long, byte[])}. */
  public @Nullable V get(K key, long timestamp, S subkey) {
    byte[] value = table.get(keys.encode(key), timestamp, subkeys.encode(subkey));
    return value == null ? null : values.decode(value);
  }

  /** As {@link Table#remove(byte[], long, byte[])}. */
  public void remove(K key, long timestamp, S subkey) {
    table.remove(keys.encode(key), timestamp, subkeys.encode(subkey));
  }

  /** As {@link Table#removeAndGet(byte[], long, byte[])}. */
  public @Nullable V removeAndGet(K key, long timestamp, S subkey) {
    byte[] value = table.removeAndGet(keys.encode(key), timestamp, subkeys.encode(subkey));
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

  /**
   * The entries of one key, by time and then by the bytes of the subkey; as {@link
   * Table#scan(byte[], TimeRange)}.
   */
  public EntryRange<MappedEntry<K, S, V>> range(K key, TimeRange range) {
    Objects.requireNonNull(range, "range");
    byte[] bytes = keys.encode(key);
    return new EntryRange<>(
        range,
        () -> mapped(table.scan(bytes, range)),
        () -> mapped(table.scanBackward(bytes, range)),
        table.forgotten());
  }

  /** The entries of one key in {@code [start, end)}. */
  public EntryRange<MappedEntry<K, S, V>> range(K key, long start, long end) {
    return range(key, TimeRange.of(start, end));
  }

  /** All entries of one key. */
  public EntryRange<MappedEntry<K, S, V>> all(K key) {
    return range(key, TimeRange.all());
  }

  /** The entries of all keys, in the order of time; as {@link Table#scanAll(TimeRange)}. */
  public EntryRange<MappedEntry<K, S, V>> range(TimeRange range) {
    Objects.requireNonNull(range, "range");
    return new EntryRange<>(
        range,
        () -> mapped(table.scanAll(range)),
        () -> mapped(table.scanAllBackward(range)),
        table.forgotten());
  }

  /** The entries of all keys in {@code [start, end)}, in the order of time. */
  public EntryRange<MappedEntry<K, S, V>> range(long start, long end) {
    return range(TimeRange.of(start, end));
  }

  /** All entries of all keys, in the order of time. */
  public EntryRange<MappedEntry<K, S, V>> all() {
    return range(TimeRange.all());
  }

  /** The entries of all keys, key by key; as {@link Table#scanByKey(TimeRange)}. */
  public EntryRange<MappedEntry<K, S, V>> byKey(TimeRange range) {
    Objects.requireNonNull(range, "range");
    return new EntryRange<>(
        range,
        () -> mapped(table.scanByKey(range)),
        () -> mapped(table.scanByKeyBackward(null, null, range)),
        table.forgotten());
  }

  private TableEntries<MappedEntry<K, S, V>> mapped(Cursor cursor) {
    KeyReader<K> key = new KeyReader<>(keys);
    return new TableEntries<>(
        cursor,
        at ->
            new MappedEntry<>(
                key.apply(at),
                at.timestamp(),
                subkeys.decode(at.subkey()),
                values.read(at.valueBuffer())));
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
