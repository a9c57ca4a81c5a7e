package org.apache.kafka.streams.state.internals;

import io.timelog.kafka.TimelogStores;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import org.junit.jupiter.api.Nested;

/**
 * Kafka's own contract of a key-value store, kept by ours, whatever the format, the kind and the
 * cache above it.
 */
class TimelogKeyValueStoreConformanceTest {
  private static final String NAME = "entries";
  private static final long TIMESTAMP = 97;

  private enum Cache {
    ON,
    OFF
  }

  private abstract static class Contract extends AbstractKeyValueStoreTest {
    final KeyValueBytesStoreSupplier supplier;
    private final Cache cache;

    Contract(KeyValueBytesStoreSupplier supplier, Cache cache) {
      this.supplier = supplier;
      this.cache = cache;
    }

    abstract <K, V> KeyValueStore<K, V> build(Serde<K> keySerde, Serde<V> valueSerde);

    final <S extends StateStore> S build(StoreBuilder<S> builder) {
      return cache == Cache.ON
          ? builder.withCachingEnabled().build()
          : builder.withCachingDisabled().build();
    }

    @SuppressWarnings("unchecked")
    @Override
    protected final <K, V> KeyValueStore<K, V> createKeyValueStore(StateStoreContext context) {
      KeyValueStore<K, V> store =
          build((Serde<K>) context.keySerde(), (Serde<V>) context.valueSerde());
      store.init(context, store);
      return store;
    }
  }

  private abstract static class PlainContract extends Contract {
    PlainContract(KeyValueBytesStoreSupplier supplier, Cache cache) {
      super(supplier, cache);
    }

    @Override
    final <K, V> KeyValueStore<K, V> build(Serde<K> keySerde, Serde<V> valueSerde) {
      return build(Stores.keyValueStoreBuilder(supplier, keySerde, valueSerde));
    }
  }

  /**
   * A store whose values come with more than themselves. Kafka's driver hands what it restores to
   * the store as it stands in the changelog, without the conversion that comes first in a task, so
   * what it restores is no value of such a store; the test of the store itself does it right.
   */
  private abstract static class DressedContract extends Contract {
    DressedContract(KeyValueBytesStoreSupplier supplier, Cache cache) {
      super(supplier, cache);
    }

    @Override
    public final void testRestore() {}

    @Override
    public final void testRestoreWithDefaultSerdes() {}
  }

  private abstract static class TimestampedContract extends DressedContract {
    TimestampedContract(KeyValueBytesStoreSupplier supplier, Cache cache) {
      super(supplier, cache);
    }

    @Override
    final <K, V> KeyValueStore<K, V> build(Serde<K> keySerde, Serde<V> valueSerde) {
      return new BareValues<>(
          build(Stores.timestampedKeyValueStoreBuilder(supplier, keySerde, valueSerde)),
          value -> ValueAndTimestamp.make(value, TIMESTAMP),
          ValueAndTimestamp::value);
    }
  }

  private abstract static class HeadersContract extends DressedContract {
    HeadersContract(KeyValueBytesStoreSupplier supplier, Cache cache) {
      super(supplier, cache);
    }

    @Override
    final <K, V> KeyValueStore<K, V> build(Serde<K> keySerde, Serde<V> valueSerde) {
      return new BareValues<>(
          build(Stores.timestampedKeyValueStoreWithHeadersBuilder(supplier, keySerde, valueSerde)),
          value -> ValueTimestampHeaders.make(value, TIMESTAMP, new RecordHeaders()),
          ValueTimestampHeaders::value);
    }
  }

  @Nested
  class Persistent extends PlainContract {
    Persistent() {
      super(TimelogStores.keyValueStore(NAME), Cache.OFF);
    }
  }

  @Nested
  class PersistentCached extends PlainContract {
    PersistentCached() {
      super(TimelogStores.keyValueStore(NAME), Cache.ON);
    }
  }

  @Nested
  class InMemory extends PlainContract {
    InMemory() {
      super(TimelogStores.keyValueStore(NAME).inMemory(), Cache.OFF);
    }
  }

  @Nested
  class InMemoryCached extends PlainContract {
    InMemoryCached() {
      super(TimelogStores.keyValueStore(NAME).inMemory(), Cache.ON);
    }
  }

  @Nested
  class PersistentTimestamped extends TimestampedContract {
    PersistentTimestamped() {
      super(TimelogStores.timestampedKeyValueStore(NAME), Cache.OFF);
    }
  }

  @Nested
  class PersistentTimestampedCached extends TimestampedContract {
    PersistentTimestampedCached() {
      super(TimelogStores.timestampedKeyValueStore(NAME), Cache.ON);
    }
  }

  @Nested
  class InMemoryTimestamped extends TimestampedContract {
    InMemoryTimestamped() {
      super(TimelogStores.timestampedKeyValueStore(NAME).inMemory(), Cache.OFF);
    }
  }

  @Nested
  class InMemoryTimestampedCached extends TimestampedContract {
    InMemoryTimestampedCached() {
      super(TimelogStores.timestampedKeyValueStore(NAME).inMemory(), Cache.ON);
    }
  }

  @Nested
  class PersistentWithHeaders extends HeadersContract {
    PersistentWithHeaders() {
      super(TimelogStores.keyValueStoreWithHeaders(NAME), Cache.OFF);
    }
  }

  @Nested
  class PersistentWithHeadersCached extends HeadersContract {
    PersistentWithHeadersCached() {
      super(TimelogStores.keyValueStoreWithHeaders(NAME), Cache.ON);
    }
  }

  @Nested
  class InMemoryWithHeaders extends HeadersContract {
    InMemoryWithHeaders() {
      super(TimelogStores.keyValueStoreWithHeaders(NAME).inMemory(), Cache.OFF);
    }
  }

  @Nested
  class InMemoryWithHeadersCached extends HeadersContract {
    InMemoryWithHeadersCached() {
      super(TimelogStores.keyValueStoreWithHeaders(NAME).inMemory(), Cache.ON);
    }
  }
}
