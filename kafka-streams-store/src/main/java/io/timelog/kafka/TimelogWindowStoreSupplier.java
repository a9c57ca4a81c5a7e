package io.timelog.kafka;

import org.apache.kafka.streams.state.WindowBytesStoreSupplier;

/**
 * A supplier of window stores that can be turned into one of stores that differ in one way.
 * Immutable: each method returns another supplier.
 */
public interface TimelogWindowStoreSupplier extends WindowBytesStoreSupplier {
  /**
   * Of stores that keep every value, also those of equal key and timestamp, in the order in which
   * they were put; a put of null does nothing. What a stream-stream join needs.
   */
  TimelogWindowStoreSupplier retainingDuplicates();

  /**
   * Of stores that keep a window to the millisecond in which an aggregation with {@code
   * EmitStrategy.onWindowClose()} reads it, one millisecond longer than other stores do, and show
   * the windows of several keys by start, then key, which is the order in which they are emitted.
   * For Kafka's cache to keep that order, the stores say that they are not persistent.
   */
  TimelogWindowStoreSupplier emittingOnClose();

  /**
   * Of stores that say that they are not persistent: a task with no other stores needs no
   * directory, and every start restores the store from its changelog.
   */
  TimelogWindowStoreSupplier inMemory();
}
