package io.timelog.kafka.internal.host;

import io.timelog.TimelogException;
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
 * Restores a store from its changelog, in the batches in which the restore consumer polled them. A
 * batch fails at the first record that cannot be restored, with nothing of that record in the
 * store. Where the changelog carries positions, takes them over, after the entries they speak of.
 */
final class RestoredBatches implements RecordBatchingStateRestoreCallback {
  private final Supplier<HostedTable> hosted;
  private final ChangelogReader reader;
  private final boolean positionsInChangelog;

  /**
   * Restores by {@code reader}.
   *
   * @param hosted the table into which the reader restores, from its {@code begin} on
   */
  RestoredBatches(StateStoreContext context, Supplier<HostedTable> hosted, ChangelogReader reader) {
    this.hosted = hosted;
    this.reader = reader;
    this.positionsInChangelog =
        InternalConfig.getBoolean(
            context.appConfigs(), InternalConfig.IQ_CONSISTENCY_OFFSET_VECTOR_ENABLED, false);
  }

  @Override
  public void restoreBatch(Collection<ConsumerRecord<byte[], byte[]>> records) {
    reader.begin(records);
    HostedTable table = hosted.get();
    table.requireOpen();
    table.beforeRestore(records);
    forEach(table, records, reader::check);
    forEach(table, records, reader::observe);
    forEach(table, records, reader::apply);
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
        throw RestoreFailure.of(table.place(), record, e);
      }
    }
  }

  private static void forEach(
      HostedTable table,
      Collection<ConsumerRecord<byte[], byte[]>> records,
      Consumer<ConsumerRecord<byte[], byte[]>> step) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        step.accept(record);
      } catch (TimelogException | IllegalArgumentException e) {
        throw RestoreFailure.of(table.place(), record, e);
      } catch (IllegalStateException e) {
        throw table.unlessClosed(e);
      }
    }
  }
}
