package io.timelog;

/**
 * Is told of every entry of a {@link Table} that a delete removed for good: once per entry, after
 * flush or compaction has published a state without it. Entries that are alive when the store is
 * closed are not reported. Snapshots and cursors that were opened before may still return the
 * entry.
 *
 * <p>Called on the thread that flushes, compacts or maintains, by one thread at a time. It must not
 * write to the store. What it throws is logged and counted, and the next entry is reported.
 */
@FunctionalInterface
public interface TableDropListener {
  /** The entry is gone. The arrays are the listener's to keep. */
  void onDrop(byte[] key, long timestamp, byte[] value);
}
