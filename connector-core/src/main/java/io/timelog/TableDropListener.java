package io.timelog;

/**
 * Is told of every entry of a {@link Table} that {@code deleteRange} or {@code deleteBefore}
 * removed: once per entry, as soon as no open snapshot or cursor can return it any more. Entries
 * that are alive when the store is closed are not reported.
 *
 * <p>Called on the thread that flushes, compacts or maintains, by one thread at a time. It must not
 * write to the store. What it throws is logged and counted, and the next entry is reported.
 */
@FunctionalInterface
public interface TableDropListener {
  /**
   * The entry is gone. The arrays are the listener's to keep.
   *
   * @param subkey empty in a multimap
   */
  void onDrop(byte[] key, long timestamp, byte[] subkey, byte[] value);
}
