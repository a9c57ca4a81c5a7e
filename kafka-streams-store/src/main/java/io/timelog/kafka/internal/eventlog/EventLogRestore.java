package io.timelog.kafka.internal.eventlog;

import io.timelog.kafka.internal.host.ChangelogReader;
import java.util.Arrays;
import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Applies batches of the changelog. An entry that the same batch goes on to delete, or that has
 * expired at the end of it, is skipped by its key alone: what is left is the same, and a store that
 * restores a long changelog needs no more memory than one that lived through it.
 */
final class EventLogRestore implements ChangelogReader {
  private final EventLogTable table;

  /** What each record of the batch is, and before which timestamp those behind it delete all. */
  private byte[] kinds = {};

  private long[] deletedLater = {};

  /** The records of the batch that were checked, and those that were applied. */
  private int checked;

  private int applied;

  EventLogRestore(EventLogTable table) {
    this.table = table;
  }

  @Override
  public void begin(Collection<ConsumerRecord<byte[], byte[]>> batch) {
    kinds = new byte[batch.size()];
    deletedLater = new long[batch.size()];
    Arrays.fill(deletedLater, Long.MIN_VALUE);
    checked = 0;
    applied = 0;
  }

  @Override
  public void check(ConsumerRecord<byte[], byte[]> record) {
    byte kind = EventLogChangelogFormat.kind(record.key(), record.value());
    kinds[checked] = kind;
    if (kind == EventLogChangelogFormat.DELETE_BEFORE && checked > 0) {
      deletedLater[checked - 1] = EventLogChangelogFormat.readCutoff(record.value());
    }
    checked++;
  }

  @Override
  public void observe(ConsumerRecord<byte[], byte[]> record) {
    if (record.key()[0] == EventLogChangelogFormat.ENTRY) {
      table.observe(EventLogChangelogFormat.entryTimestamp(record.key()));
    }
  }

  @Override
  public void apply(ConsumerRecord<byte[], byte[]> record) {
    if (applied == 0) {
      for (int i = deletedLater.length - 2; i >= 0; i--) {
        deletedLater[i] = Math.max(deletedLater[i], deletedLater[i + 1]);
      }
    }
    apply(record, kinds[applied], deletedLater[applied]);
    applied++;
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
