package io.timelog.kafka.eventlog;

import java.util.Iterator;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;

/**
 * Entries of an event-log store as they were when the iterator was opened. It keeps the memory of
 * that moment, so it must be closed; it closes itself at its end. Belongs to one thread.
 *
 * <p>Once the iterator or its store is closed, {@link #hasNext()} and {@link #next()} throw an
 * {@link InvalidStateStoreException}: what has been read until then may not be all there was.
 */
public interface EventLogIterator<K, V> extends Iterator<EventLogEntry<K, V>>, AutoCloseable {
  /**
   * The next entry.
   *
   * @throws java.util.NoSuchElementException if there is none
   * @throws ProcessorStateException if a serde cannot read it; the iterator is then past it
   */
  @Override
  EventLogEntry<K, V> next();

  /** Lets go of the memory. Closing twice does nothing. */
  @Override
  void close();
}
