package io.timelog.kafka.internal.keyvalue;

import io.timelog.kafka.TimelogKeyValueStoreSupplier;
import io.timelog.kafka.internal.host.StoreKind;
import io.timelog.kafka.internal.host.StoreName;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.HeadersBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;

/** Makes key-value stores. Immutable. */
public sealed interface KeyValueStoreSupplier extends TimelogKeyValueStoreSupplier {
  /**
   * Of stores whose values are what the serializer made.
   *
   * @throws IllegalArgumentException if the name is empty, too long or a path
   */
  static KeyValueStoreSupplier plain(String name) {
    return new Plain(StoreName.checked(name), StoreKind.PERSISTENT);
  }

  /**
   * Of stores whose values begin with the timestamp of the record.
   *
   * @throws IllegalArgumentException if the name is empty, too long or a path
   */
  static KeyValueStoreSupplier timestamped(String name) {
    return new Timestamped(StoreName.checked(name), StoreKind.PERSISTENT);
  }

  /**
   * Of stores whose values begin with the headers and the timestamp of the record.
   *
   * @throws IllegalArgumentException if the name is empty, too long or a path
   */
  static KeyValueStoreSupplier withHeaders(String name) {
    return new WithHeaders(StoreName.checked(name), StoreKind.PERSISTENT);
  }

  @Override
  default String metricsScope() {
    return "timelog-key-value";
  }

  /** Values are what the serializer made. */
  record Plain(String name, StoreKind kind) implements KeyValueStoreSupplier {
    @Override
    public KeyValueStore<Bytes, byte[]> get() {
      return new TimelogKeyValueStore(name, kind);
    }

    @Override
    public Plain inMemory() {
      return new Plain(name, StoreKind.IN_MEMORY);
    }
  }

  /** Values begin with a timestamp. */
  record Timestamped(String name, StoreKind kind) implements KeyValueStoreSupplier {
    @Override
    public KeyValueStore<Bytes, byte[]> get() {
      return new TimelogKeyValueStore.Timestamped(name, kind);
    }

    @Override
    public Timestamped inMemory() {
      return new Timestamped(name, StoreKind.IN_MEMORY);
    }
  }

  /** Values begin with headers and a timestamp, which Kafka Streams tells by the type. */
  record WithHeaders(String name, StoreKind kind)
      implements KeyValueStoreSupplier, HeadersBytesStoreSupplier {
    @Override
    public KeyValueStore<Bytes, byte[]> get() {
      return new TimelogKeyValueStore.WithHeaders(name, kind);
    }

    @Override
    public WithHeaders inMemory() {
      return new WithHeaders(name, StoreKind.IN_MEMORY);
    }
  }
}
