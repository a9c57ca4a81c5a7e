package io.timelog.kafka.internal.host;

import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.internals.KeyValueToTimestampedKeyValueByteStoreAdapter;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

/**
 * The layer that Kafka Streams puts before a key-value store of plain values where values with
 * timestamps are needed. It casts the result of a range query to RocksDB's iterator.
 */
public final class KafkasAdapter {
  private KafkasAdapter() {}

  /**
   * Whether the adapter is among the layers of a store.
   *
   * @param root the outermost layer, as {@code StateStore.init} was given it
   */
  public static boolean standsBefore(StateStore root) {
    StateStore layer = root;
    while (layer instanceof WrappedStateStore<?, ?, ?> outer) {
      layer = outer.wrapped();
    }
    return layer instanceof KeyValueToTimestampedKeyValueByteStoreAdapter;
  }
}
