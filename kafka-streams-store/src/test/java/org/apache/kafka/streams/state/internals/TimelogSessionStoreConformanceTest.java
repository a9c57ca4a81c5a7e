package org.apache.kafka.streams.state.internals;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.timelog.kafka.TimelogSessionStoreSupplier;
import io.timelog.kafka.TimelogStores;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Kafka's own contract of a session store, kept by ours in every variant. It stands in Kafka's
 * package because the methods to override are package-private.
 */
class TimelogSessionStoreConformanceTest {
  @Nested
  class Plain extends Contract {
    @Override
    <K, V> StoreBuilder<SessionStore<K, V>> builder(
        Duration retention, Serde<K> keySerde, Serde<V> valueSerde) {
      return Stores.sessionStoreBuilder(supplier(retention), keySerde, valueSerde);
    }

    TimelogSessionStoreSupplier supplier(Duration retention) {
      return TimelogStores.sessionStore(nextName(), retention);
    }
  }

  @Nested
  class PlainInMemory extends Plain {
    @Override
    TimelogSessionStoreSupplier supplier(Duration retention) {
      return super.supplier(retention).inMemory();
    }
  }

  @Nested
  class WithHeaders extends Plain {
    @Override
    TimelogSessionStoreSupplier supplier(Duration retention) {
      return TimelogStores.sessionStoreWithHeaders(nextName(), retention);
    }
  }

  @Nested
  class WithHeadersInMemory extends WithHeaders {
    @Override
    TimelogSessionStoreSupplier supplier(Duration retention) {
      return super.supplier(retention).inMemory();
    }
  }

  @Nested
  class EmittingOnClose extends Plain {
    @Override
    TimelogSessionStoreSupplier supplier(Duration retention) {
      return super.supplier(retention).emittingOnClose();
    }
  }

  @Nested
  class Cached extends Plain {
    @Override
    <K, V> StoreBuilder<SessionStore<K, V>> builder(
        Duration retention, Serde<K> keySerde, Serde<V> valueSerde) {
      return super.builder(retention, keySerde, valueSerde).withCachingEnabled();
    }

    /** Kafka's cache does not offer it, whatever store is below. */
    @Override
    @Test
    public void shouldFindSessionsForTimeRange() {
      assertThrows(UnsupportedOperationException.class, super::shouldFindSessionsForTimeRange);
    }

    /** Kafka's cache refuses to read a closed store, where Kafka's stores are empty. */
    @Override
    @Test
    public void shouldRestore() {
      assertThrows(InvalidStateStoreException.class, super::shouldRestore);
    }

    /** Kafka's test gives the store a context that has no cache. */
    @Override
    @Test
    public void shouldMeasureExpiredRecords() {
      assertThrows(NullPointerException.class, super::shouldMeasureExpiredRecords);
    }

    /** Kafka's cache fails on it at some times of the day, whatever persistent store is below. */
    @Override
    @Disabled("Kafka's cache cannot read a range that ends in an earlier segment than it begins")
    @Test
    public void shouldNotFetchExpiredSessions() {}
  }

  @Nested
  class CachedInMemory extends Cached {
    @Override
    TimelogSessionStoreSupplier supplier(Duration retention) {
      return super.supplier(retention).inMemory();
    }

    @Override
    @Test
    public void shouldNotFetchExpiredSessions() {
      kafkasShouldNotFetchExpiredSessions();
    }
  }

  /** Entries expire to the millisecond, as they do in Kafka's in-memory store. */
  abstract static class Contract extends AbstractSessionBytesStoreTest {
    private int stores;

    /** Some tests of Kafka open a second store in the directory of a task that has one. */
    final String nextName() {
      stores++;
      return stores == 1 ? "sessions" : "sessions-" + stores;
    }

    abstract <K, V> StoreBuilder<SessionStore<K, V>> builder(
        Duration retention, Serde<K> keySerde, Serde<V> valueSerde);

    final void kafkasShouldNotFetchExpiredSessions() {
      super.shouldNotFetchExpiredSessions();
    }

    @Override
    StoreType storeType() {
      return StoreType.InMemoryStore;
    }

    @Override
    <K, V> SessionStore<K, V> buildSessionStore(
        long retentionPeriod, Serde<K> keySerde, Serde<V> valueSerde) {
      return builder(Duration.ofMillis(retentionPeriod), keySerde, valueSerde).build();
    }
  }
}
