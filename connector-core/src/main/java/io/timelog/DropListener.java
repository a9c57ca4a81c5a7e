package io.timelog;

/**
 * Is told of every entry of a {@link Timelog} that a delete removed: once per entry, as soon as no
 * open iterator, cursor or page span can return it any more. What was kept with an entry, such as
 * an object of {@link Timelog#objects()}, may be released here. Entries that are alive when the log
 * is closed are not reported.
 *
 * <p>Called by one thread at a time: the maintenance thread if there is one, else whichever thread
 * writes, flushes or compacts, {@code drainBatchLimit} entries at a time; after the log is closed,
 * the thread that closes the last reader. It must not write to the log, maintain or close it. What
 * it throws is logged and counted in {@link Timelog#dropListenerFailures()}, and the next entry is
 * reported.
 */
@FunctionalInterface
public interface DropListener<V> {
  /** The entry is gone. */
  void onDrop(long timestamp, V value);
}
