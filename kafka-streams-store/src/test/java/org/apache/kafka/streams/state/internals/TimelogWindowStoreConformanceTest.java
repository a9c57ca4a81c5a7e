package org.apache.kafka.streams.state.internals;

import io.timelog.kafka.TimelogStores;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Kafka's own contract of a window store, kept by ours. It stands in Kafka's package because the
 * method to override is package-private.
 */
class TimelogWindowStoreConformanceTest extends AbstractWindowBytesStoreTest {
  @Override
  <K, V> WindowStore<K, V> buildWindowStore(
      long retentionPeriod,
      long windowSize,
      boolean retainDuplicates,
      Serde<K> keySerde,
      Serde<V> valueSerde) {
    Duration retention = Duration.ofMillis(retentionPeriod);
    Duration size = Duration.ofMillis(windowSize);
    return Stores.windowStoreBuilder(
            retainDuplicates
                ? TimelogStores.windowStoreWithDuplicates("windows", retention, size)
                : TimelogStores.windowStore("windows", retention, size),
            keySerde,
            valueSerde)
        .build();
  }
}
