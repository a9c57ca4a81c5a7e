package io.timelog.kafka;

import org.apache.kafka.streams.state.VersionedBytesStoreSupplier;

/**
 * A supplier of versioned stores that can be turned into one of stores that differ in one way.
 * Immutable: the method returns another supplier.
 */
public interface TimelogVersionedStoreSupplier extends VersionedBytesStoreSupplier {
  /**
   * Of stores that say that they are not persistent: a task with no other stores needs no
   * directory, and every start restores the store from its changelog.
   */
  TimelogVersionedStoreSupplier inMemory();
}
