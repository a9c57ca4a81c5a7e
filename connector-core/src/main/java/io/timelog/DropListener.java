package io.timelog;

/**
 * Is told of every entry of a {@link Timelog} that a delete removed for good: once per entry, after
 * flush or compaction has published a state without it. Entries that are alive when the log is
 * closed are not reported.
 *
 * <p>A log of encoded values reports at once; iterators that were opened before may still return
 * the entry. A log of objects reports when no open iterator can return the object any more, so it
 * may be released here.
 *
 * <p>Called on the thread that flushes, compacts, closes an iterator or maintains, by one thread at
 * a time. It must not write to the log. What it throws is logged and counted in {@link
 * Timelog#dropListenerFailures()}, and the next entry is reported.
 */
@FunctionalInterface
public interface DropListener<V> {
  /** The entry is gone. */
  void onDrop(long timestamp, V value);
}
