package io.timelog.kafka.internal.eventlog;

import io.timelog.TimelogException;
import io.timelog.kafka.internal.host.HostedTable;
import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Applies batches of the changelog. An entry that the same batch goes on to delete, or that has
 * expired at the end of it, is skipped by its key alone: what is left is the same, and a store that
 * restores a long changelog needs no more memory than one that lived through it.
 */
final class EventLogRestore {
  private final HostedTable hosted;
  private final EventLogTable table;

  EventLogRestore(HostedTable hosted, EventLogTable table) {
    this.hosted = hosted;
    this.table = table;
  }

  /**
   * Applies a batch in its order.
   *
   * @throws org.apache.kafka.streams.errors.ProcessorStateException if a record is not from the
   *     changelog of an event-log store, or there is no room
   */
  void restore(Collection<ConsumerRecord<byte[], byte[]>> batch) {
    byte[] kinds = new byte[batch.size()];
    long[] deletedLater = new long[batch.size()];
    look(batch, kinds, deletedLater);
    observe(batch, kinds);
    int i = 0;
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      try {
        apply(record, kinds[i], deletedLater[i]);
      } catch (TimelogException | IllegalArgumentException e) {
        throw hosted.restoreFailure(record, e);
      }
      i++;
    }
  }

  /**
   * Finds out what each record is, and before which timestamp the records after it delete all;
   * changes nothing.
   */
  private void look(
      Collection<ConsumerRecord<byte[], byte[]>> batch, byte[] kinds, long[] deletedLater) {
    int i = 0;
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      byte[] key = record.key();
      byte[] value = record.value();
      try {
        kinds[i] = EventLogChangelogFormat.kind(key, value);
      } catch (IllegalArgumentException e) {
        throw hosted.restoreFailure(record, e);
      }
      deletedLater[i] = Long.MIN_VALUE;
      if (kinds[i] == EventLogChangelogFormat.DELETE_BEFORE && i > 0) {
        deletedLater[i - 1] = EventLogChangelogFormat.readCutoff(value);
      }
      i++;
    }
    for (int j = deletedLater.length - 2; j >= 0; j--) {
      deletedLater[j] = Math.max(deletedLater[j], deletedLater[j + 1]);
    }
  }

  /** Moves stream time to the end of the batch. */
  private void observe(Collection<ConsumerRecord<byte[], byte[]>> batch, byte[] kinds) {
    int i = 0;
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      if (kinds[i] == EventLogChangelogFormat.ENTRY) {
        try {
          table.observe(EventLogChangelogFormat.entryTimestamp(record.key()));
        } catch (TimelogException e) {
          throw hosted.restoreFailure(record, e);
        }
      }
      i++;
    }
  }

  private void apply(ConsumerRecord<byte[], byte[]> record, byte kind, long deletedLater) {
    byte[] key = record.key();
    byte[] value = record.value();
    switch (kind) {
      case EventLogChangelogFormat.ENTRY -> {
        long timestamp = EventLogChangelogFormat.entryTimestamp(key);
        if (timestamp >= deletedLater) {
          int offset = EventLogChangelogFormat.ENTRY_KEY;
          table.append(key, offset, key.length - offset, timestamp, value);
        }
      }
      case EventLogChangelogFormat.DELETE_BEFORE ->
          table.deleteBefore(EventLogChangelogFormat.readCutoff(value));
      case EventLogChangelogFormat.DELETE_RANGE ->
          table.deleteRange(EventLogChangelogFormat.readRange(value));
      case EventLogChangelogFormat.DELETE_KEY_RANGE ->
          table.deleteRange(
              EventLogChangelogFormat.keyOfDelete(key), EventLogChangelogFormat.readRange(value));
      default -> throw new AssertionError(kind);
    }
  }
}
