package io.timelog.kafka.internal.host;

import java.util.Collection;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.StreamsConfig.InternalConfig;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.ChangelogRecordDeserializationHelper;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.query.Position;

/**
 * Hands a store its changelog in the batches in which the restore consumer polled them. Where the
 * changelog carries positions, takes them over, after the entries they speak of.
 */
public final class RestoredBatches implements RecordBatchingStateRestoreCallback {
  private final Consumer<Collection<ConsumerRecord<byte[], byte[]>>> store;
  private final BiFunction<ConsumerRecord<?, ?>, RuntimeException, RuntimeException> failure;
  private final Position position;
  private final boolean positionsInChangelog;

  /**
   * Restores into {@code store}, whose position is {@code position}.
   *
   * @param failure what is thrown at a record whose position cannot be read
   */
  public RestoredBatches(
      StateStoreContext context,
      Position position,
      Consumer<Collection<ConsumerRecord<byte[], byte[]>>> store,
      BiFunction<ConsumerRecord<?, ?>, RuntimeException, RuntimeException> failure) {
    this.store = store;
    this.failure = failure;
    this.position = position;
    this.positionsInChangelog =
        InternalConfig.getBoolean(
            context.appConfigs(), InternalConfig.IQ_CONSISTENCY_OFFSET_VECTOR_ENABLED, false);
  }

  @Override
  public void restoreBatch(Collection<ConsumerRecord<byte[], byte[]>> records) {
    store.accept(records);
    if (positionsInChangelog) {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        try {
          ChangelogRecordDeserializationHelper.applyChecksAndUpdatePosition(record, true, position);
        } catch (RuntimeException e) { // Kafka's own, whatever the bytes make of it.
          throw failure.apply(record, e);
        }
      }
    }
  }
}
