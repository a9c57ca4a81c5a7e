package io.timelog.kafka.internal.host;

import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
final class RestoredBatches implements RecordBatchingStateRestoreCallback {
  private final Supplier<HostedTable> hosted;
  private final Consumer<Collection<ConsumerRecord<byte[], byte[]>>> store;
  private final boolean positionsInChangelog;

  /**
   * Restores by {@code store}.
   *
   * @param hosted the table in which a batch is when {@code store} has taken it
   */
  RestoredBatches(
      StateStoreContext context,
      Supplier<HostedTable> hosted,
      Consumer<Collection<ConsumerRecord<byte[], byte[]>>> store) {
    this.hosted = hosted;
    this.store = store;
    this.positionsInChangelog =
        InternalConfig.getBoolean(
            context.appConfigs(), InternalConfig.IQ_CONSISTENCY_OFFSET_VECTOR_ENABLED, false);
  }

  @Override
  public void restoreBatch(Collection<ConsumerRecord<byte[], byte[]>> records) {
    store.accept(records);
    HostedTable table = hosted.get();
    if (positionsInChangelog) {
      takePositions(table, records);
    }
    table.restored(records);
  }

  private static void takePositions(
      HostedTable table, Collection<ConsumerRecord<byte[], byte[]>> records) {
    Position position = table.position();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        ChangelogRecordDeserializationHelper.applyChecksAndUpdatePosition(record, true, position);
      } catch (RuntimeException e) { // Kafka's own, whatever the bytes make of it.
        throw table.restoreFailure(record, e);
      }
    }
  }
}
