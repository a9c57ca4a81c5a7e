package io.timelog.kafka;

import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;

/**
 * A supplier of key-value stores that can be turned into one of stores that differ in one way.
 * Immutable: the method returns another supplier.
 */
public interface TimelogKeyValueStoreSupplier extends KeyValueBytesStoreSupplier {
  /**
   * Of stores that say that they are not persistent: a task with no other stores needs no
   * directory, and every start restores the store from its changelog.
   */
  TimelogKeyValueStoreSupplier inMemory();
}
