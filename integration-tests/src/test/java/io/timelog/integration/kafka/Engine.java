package io.timelog.integration.kafka;

import io.timelog.kafka.TimelogDslStoreSuppliers;
import io.timelog.kafka.TimelogStores;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.VersionedBytesStoreSupplier;

/** What keeps the state of an application. */
enum Engine {
  /** What Kafka Streams has by default; its results are the expected ones. */
  ROCKSDB(BuiltInDslStoreSuppliers.RocksDBDslStoreSuppliers.class) {
    @Override
    VersionedBytesStoreSupplier versions(String name, Duration history) {
      return Stores.persistentVersionedKeyValueStore(name, history);
    }

    @Override
    KeyValueBytesStoreSupplier table(String name) {
      return Stores.persistentTimestampedKeyValueStore(name);
    }
  },
  TIMELOG(TimelogDslStoreSuppliers.class) {
    @Override
    VersionedBytesStoreSupplier versions(String name, Duration history) {
      return TimelogStores.versionedKeyValueStore(name, history);
    }

    @Override
    KeyValueBytesStoreSupplier table(String name) {
      return TimelogStores.timestampedKeyValueStore(name);
    }
  };

  private final Class<? extends DslStoreSuppliers> suppliers;

  Engine(Class<? extends DslStoreSuppliers> suppliers) {
    this.suppliers = suppliers;
  }

  /** The one line. */
  void putInto(Properties config) {
    config.put(StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG, suppliers.getName());
  }

  /** The line has nothing to say about versioned tables, which name their supplier. */
  abstract VersionedBytesStoreSupplier versions(String name, Duration history);

  /** Of stores of the latest values, with their timestamps. */
  abstract KeyValueBytesStoreSupplier table(String name);
}
