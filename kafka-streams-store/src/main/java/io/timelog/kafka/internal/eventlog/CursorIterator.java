package io.timelog.kafka.internal.eventlog;

import io.timelog.Cursor;
import io.timelog.kafka.eventlog.EventLogEntry;
import io.timelog.kafka.eventlog.EventLogIterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Entries at a cursor, deserialized as they are asked for. */
final class CursorIterator<K, V> implements EventLogIterator<K, V> {
  private final OpenScan scan;
  private final EntrySerdes<K, V> serdes;

  /** The key of all entries, so that it need not be read again; null if there are many. */
  private final @Nullable K key;

  private boolean atEntry;

  CursorIterator(OpenScan scan, EntrySerdes<K, V> serdes, @Nullable K key) {
    this.scan = scan;
    this.serdes = serdes;
    this.key = key;
  }

  @Override
  public boolean hasNext() {
    scan.checkOpen("Iterator");
    atEntry = atEntry || scan.advance();
    return atEntry;
  }

  @Override
  public EventLogEntry<K, V> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The iterator has no next entry: " + scan.place());
    }
    atEntry = false;
    Cursor entry = scan.entry();
    return new EventLogEntry<>(
        key != null ? key : serdes.key(entry.key()),
        entry.timestamp(),
        serdes.value(entry.value()));
  }

  @Override
  public void close() {
    scan.close();
  }
}
