package org.apache.kafka.streams.state.internals;

import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A store of values that come with something, a timestamp for example, as a store of the values
 * alone, so that it can be tested as one.
 */
final class BareValues<K, V, W> extends WrappedStateStore<KeyValueStore<K, W>, K, W>
    implements KeyValueStore<K, V> {
  private final Function<V, W> dress;
  private final Function<W, V> undress;

  BareValues(KeyValueStore<K, W> store, Function<V, W> dress, Function<W, V> undress) {
    super(store);
    this.dress = value -> value == null ? null : dress.apply(value);
    this.undress = value -> value == null ? null : undress.apply(value);
  }

  @Override
  public void put(K key, V value) {
    wrapped().put(key, dress.apply(value));
  }

  @Override
  public V putIfAbsent(K key, V value) {
    return undress.apply(wrapped().putIfAbsent(key, dress.apply(value)));
  }

  @Override
  public void putAll(List<KeyValue<K, V>> entries) {
    wrapped()
        .putAll(
            entries.stream()
                .map(entry -> KeyValue.pair(entry.key, dress.apply(entry.value)))
                .toList());
  }

  @Override
  public V delete(K key) {
    return undress.apply(wrapped().delete(key));
  }

  @Override
  public V get(K key) {
    return undress.apply(wrapped().get(key));
  }

  @Override
  public KeyValueIterator<K, V> range(K from, K to) {
    return undressed(wrapped().range(from, to));
  }

  @Override
  public KeyValueIterator<K, V> reverseRange(K from, K to) {
    return undressed(wrapped().reverseRange(from, to));
  }

  @Override
  public KeyValueIterator<K, V> all() {
    return undressed(wrapped().all());
  }

  @Override
  public KeyValueIterator<K, V> reverseAll() {
    return undressed(wrapped().reverseAll());
  }

  @Override
  public <S extends Serializer<P>, P> KeyValueIterator<K, V> prefixScan(P prefix, S serializer) {
    return undressed(wrapped().prefixScan(prefix, serializer));
  }

  @Override
  public long approximateNumEntries() {
    return wrapped().approximateNumEntries();
  }

  private KeyValueIterator<K, V> undressed(KeyValueIterator<K, W> iterator) {
    return new KeyValueIterator<>() {
      @Override
      public boolean hasNext() {
        return iterator.hasNext();
      }

      @Override
      public K peekNextKey() {
        return iterator.peekNextKey();
      }

      @Override
      public KeyValue<K, V> next() {
        KeyValue<K, W> next = iterator.next();
        return KeyValue.pair(next.key, undress.apply(next.value));
      }

      @Override
      public void close() {
        iterator.close();
      }
    };
  }
}
