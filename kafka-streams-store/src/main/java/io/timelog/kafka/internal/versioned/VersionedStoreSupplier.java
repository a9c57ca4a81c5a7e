package io.timelog.kafka.internal.versioned;

import io.timelog.kafka.TimelogVersionedStoreSupplier;
import io.timelog.kafka.internal.host.Millis;
import io.timelog.kafka.internal.host.StoreKind;
import io.timelog.kafka.internal.host.StoreName;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Makes versioned stores.
 *
 * @param historyRetentionMs milliseconds before stream time that can be asked for and put at
 * @param kind what Kafka Streams is told of the life of the entries
 */
public record VersionedStoreSupplier(String name, long historyRetentionMs, StoreKind kind)
    implements TimelogVersionedStoreSupplier {
  /**
   * Checks and converts what a user says.
   *
   * @throws IllegalArgumentException if a store must not have this name, or the retention is
   *     negative or not a number of milliseconds
   */
  public static VersionedStoreSupplier of(String name, Duration historyRetention) {
    return new VersionedStoreSupplier(
        StoreName.checked(name),
        Millis.of("historyRetention", historyRetention, name),
        StoreKind.PERSISTENT);
  }

  @Override
  public String metricsScope() {
    return "timelog-versioned";
  }

  @Override
  public KeyValueStore<Bytes, byte[]> get() {
    return new TimelogVersionedStore(name, historyRetentionMs, kind);
  }

  @Override
  public VersionedStoreSupplier inMemory() {
    return new VersionedStoreSupplier(name, historyRetentionMs, StoreKind.IN_MEMORY);
  }
}
