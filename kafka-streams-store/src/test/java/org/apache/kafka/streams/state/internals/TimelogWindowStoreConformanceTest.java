package org.apache.kafka.streams.state.internals;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.timelog.kafka.TimelogStores;
import io.timelog.kafka.TimelogWindowStoreSupplier;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Kafka's own contract of a window store, kept by ours in every variant. It stands in Kafka's
 * package because the method to override is package-private.
 */
class TimelogWindowStoreConformanceTest {
  @Nested
  class Plain extends Contract {
    @Override
    TimelogWindowStoreSupplier supplier(Duration retention, Duration size) {
      return TimelogStores.windowStore(nextName(), retention, size);
    }
  }

  @Nested
  class PlainInMemory extends Plain {
    @Override
    TimelogWindowStoreSupplier supplier(Duration retention, Duration size) {
      return super.supplier(retention, size).inMemory();
    }
  }

  @Nested
  class Timestamped extends Contract {
    @Override
    TimelogWindowStoreSupplier supplier(Duration retention, Duration size) {
      return TimelogStores.timestampedWindowStore(nextName(), retention, size);
    }
  }

  @Nested
  class TimestampedInMemory extends Timestamped {
    @Override
    TimelogWindowStoreSupplier supplier(Duration retention, Duration size) {
      return super.supplier(retention, size).inMemory();
    }
  }

  @Nested
  class WithHeaders extends Contract {
    @Override
    TimelogWindowStoreSupplier supplier(Duration retention, Duration size) {
      return TimelogStores.windowStoreWithHeaders(nextName(), retention, size);
    }
  }

  @Nested
  class WithHeadersInMemory extends WithHeaders {
    @Override
    TimelogWindowStoreSupplier supplier(Duration retention, Duration size) {
      return super.supplier(retention, size).inMemory();
    }
  }

  @Nested
  class EmittingOnClose extends Plain {
    @Override
    TimelogWindowStoreSupplier supplier(Duration retention, Duration size) {
      return super.supplier(retention, size).emittingOnClose();
    }
  }

  @Nested
  class Cached extends Plain {
    @Override
    <K, V> StoreBuilder<WindowStore<K, V>> layers(StoreBuilder<WindowStore<K, V>> builder) {
      return builder.withCachingEnabled();
    }

    /** Kafka's test gives the store a context that has no cache. */
    @Override
    @Test
    public void shouldMeasureExpiredRecords() {
      assertThrows(NullPointerException.class, super::shouldMeasureExpiredRecords);
    }
  }

  @Nested
  class CachedInMemory extends Cached {
    @Override
    TimelogWindowStoreSupplier supplier(Duration retention, Duration size) {
      return super.supplier(retention, size).inMemory();
    }
  }

  abstract static class Contract extends AbstractWindowBytesStoreTest {
    private int stores;

    /** Some tests of Kafka open a second store in the directory of a task that has one. */
    final String nextName() {
      stores++;
      return stores == 1 ? "windows" : "windows-" + stores;
    }

    abstract TimelogWindowStoreSupplier supplier(Duration retention, Duration size);

    <K, V> StoreBuilder<WindowStore<K, V>> layers(StoreBuilder<WindowStore<K, V>> builder) {
      return builder;
    }

    @Override
    <K, V> WindowStore<K, V> buildWindowStore(
        long retentionPeriod,
        long windowSize,
        boolean retainDuplicates,
        Serde<K> keySerde,
        Serde<V> valueSerde) {
      TimelogWindowStoreSupplier supplier =
          supplier(Duration.ofMillis(retentionPeriod), Duration.ofMillis(windowSize));
      return layers(
              Stores.windowStoreBuilder(
                  retainDuplicates ? supplier.retainingDuplicates() : supplier,
                  keySerde,
                  valueSerde))
          .build();
    }
  }
}
