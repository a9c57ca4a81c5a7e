package io.timelog.kafka.internal.host;

import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How one kind of store takes the records of its changelog, batch after batch. All methods are
 * called on the thread that restores.
 */
@FunctionalInterface
public interface ChangelogReader {
  /** A batch comes, and nothing of it was looked at. */
  default void begin(Collection<ConsumerRecord<byte[], byte[]>> batch) {}

  /**
   * Looks at a record and changes nothing. Called for all records of a batch before any is applied,
   * for stores that take a batch as a whole.
   *
   * @throws IllegalArgumentException if the store cannot have written the record
   */
  default void check(ConsumerRecord<byte[], byte[]> record) {}

  /**
   * Takes the time of a record. Called for all records of a batch before any is applied, by stores
   * that need not hold what has expired at the end of the batch.
   */
  default void observe(ConsumerRecord<byte[], byte[]> record) {}

  /**
   * Brings a record into the store.
   *
   * @throws io.timelog.TimelogException if the engine refuses it; nothing of it is in the store
   * @throws IllegalArgumentException if the store cannot have written the record
   */
  void apply(ConsumerRecord<byte[], byte[]> record);
}
