package io.timelog.kafka.internal.eventlog;

import io.timelog.Cursor;
import io.timelog.kafka.eventlog.EventLogEntry;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.internal.host.HostedTable;
import java.util.NoSuchElementException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/** Entries at a cursor, deserialized as they are asked for. */
final class CursorIterator<K, V> implements EventLogIterator<K, V> {
  private final HostedTable hosted;
  private final EntrySerdes<K, V> serdes;
  private final Cursor cursor;

  /** The key of all entries, so that it need not be read again; null if there are many. */
  private final @Nullable K key;

  private final Runnable end;
  private boolean atEntry;
  private boolean ended;
  private boolean closed;

  /**
   * Entries at a cursor.
   *
   * @param end is run once, when the last entry has been passed or the iterator is closed
   */
  CursorIterator(
      HostedTable hosted, EntrySerdes<K, V> serdes, Cursor cursor, @Nullable K key, Runnable end) {
    this.hosted = hosted;
    this.serdes = serdes;
    this.cursor = cursor;
    this.key = key;
    this.end = end;
  }

  @Override
  public boolean hasNext() {
    if (closed) {
      throw new InvalidStateStoreException("Iterator is closed: " + hosted.place());
    }
    if (!hosted.isOpen()) {
      cursor.close();
      hosted.table();
    }
    if (!atEntry && !cursor.isClosed()) {
      atEntry = cursor.advance();
      if (!atEntry) {
        end();
      }
    }
    return atEntry;
  }

  private void end() {
    if (!ended) {
      ended = true;
      end.run();
    }
  }

  @Override
  public EventLogEntry<K, V> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The iterator has no next entry: " + hosted.place());
    }
    atEntry = false;
    return new EventLogEntry<>(
        key != null ? key : serdes.key(cursor.key()),
        cursor.timestamp(),
        serdes.value(cursor.value()));
  }

  @Override
  public void close() {
    closed = true;
    atEntry = false;
    cursor.close();
    end();
  }
}
