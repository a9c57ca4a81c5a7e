package io.timelog.kafka;

import org.apache.kafka.streams.state.SessionBytesStoreSupplier;

/**
 * A supplier of session stores that can be turned into one of stores that differ in one way.
 * Immutable: each method returns another supplier.
 */
public interface TimelogSessionStoreSupplier extends SessionBytesStoreSupplier {
  /**
   * Of stores that keep a session long enough for an aggregation with {@code
   * EmitStrategy.onWindowClose()} to read it after it has expired: at least half of the retention,
   * and a minute, longer.
   */
  TimelogSessionStoreSupplier emittingOnClose();

  /**
   * Of stores that say that they are not persistent: a task with no other stores needs no
   * directory, and every start restores the store from its changelog.
   */
  TimelogSessionStoreSupplier inMemory();
}
