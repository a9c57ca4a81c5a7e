package io.timelog.kafka.internal.eventlog;

import io.timelog.Cursor;
import io.timelog.kafka.eventlog.EventLogCursor;
import io.timelog.kafka.internal.host.HostedTable;
import java.nio.ByteBuffer;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/** The cursor of the engine, with the types of a store and its errors. */
final class EntryCursor<K, V> implements EventLogCursor<K, V> {
  private final HostedTable hosted;
  private final EntrySerdes<K, V> serdes;
  private final Cursor cursor;

  /** The key of all entries, so that it need not be read again; null if there are many. */
  private final @Nullable K key;

  private final Runnable end;
  private boolean ended;
  private boolean closed;

  /**
   * Entries at a cursor.
   *
   * @param end is run once, when the last entry has been passed or the cursor is closed
   */
  EntryCursor(
      HostedTable hosted, EntrySerdes<K, V> serdes, Cursor cursor, @Nullable K key, Runnable end) {
    this.hosted = hosted;
    this.serdes = serdes;
    this.cursor = cursor;
    this.key = key;
    this.end = end;
  }

  @Override
  public boolean advance() {
    checkOpen();
    return step();
  }

  @Override
  public int readTimestamps(long[] target) {
    if (target.length == 0) {
      throw new IllegalArgumentException(
          "There must be room for a timestamp: length=0, " + hosted.place());
    }
    checkOpen();
    int read = 0;
    while (read < target.length && step()) {
      target[read++] = cursor.timestamp();
    }
    // A store that was closed meanwhile has cut nothing short: its memory is kept by the cursor.
    return read;
  }

  private void checkOpen() {
    if (closed) {
      throw new InvalidStateStoreException("Cursor is closed: " + hosted.place());
    }
    if (!hosted.isOpen()) {
      cursor.close();
      hosted.table();
    }
  }

  private boolean step() {
    boolean found = !cursor.isClosed() && cursor.advance();
    if (!found) {
      end();
    }
    return found;
  }

  private void end() {
    if (!ended) {
      ended = true;
      end.run();
    }
  }

  @Override
  public long timestamp() {
    return cursor.timestamp();
  }

  @Override
  public K key() {
    if (key == null) {
      return serdes.key(cursor.key());
    }
    cursor.timestamp(); // Fails where there is no entry, as everything does that tells of one.
    return key;
  }

  @Override
  public V value() {
    return serdes.value(cursor.value());
  }

  @Override
  public int valueLength() {
    return cursor.valueLength();
  }

  @Override
  public ByteBuffer valueBytes() {
    return cursor.valueBuffer();
  }

  @Override
  public void close() {
    closed = true;
    cursor.close();
    end();
  }
}
