package io.timelog.kafka.internal.eventlog;

import io.timelog.kafka.eventlog.EventLogCursor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The cursor of the engine, with the types of a store and its errors. */
final class EntryCursor<K, V> implements EventLogCursor<K, V> {
  private static final String NAME = "Cursor";

  private final OpenScan scan;
  private final EntrySerdes<K, V> serdes;

  /** The key of all entries, so that it need not be read again; null if there are many. */
  private final @Nullable K key;

  EntryCursor(OpenScan scan, EntrySerdes<K, V> serdes, @Nullable K key) {
    this.scan = scan;
    this.serdes = serdes;
    this.key = key;
  }

  @Override
  public boolean advance() {
    scan.checkOpen(NAME);
    return scan.advance();
  }

  @Override
  public int readTimestamps(long[] target) {
    if (target.length == 0) {
      throw new IllegalArgumentException(
          "There must be room for a timestamp: length=0, " + scan.place());
    }
    scan.checkOpen(NAME);
    int read = 0;
    while (read < target.length && scan.advance()) {
      target[read++] = scan.entry().timestamp();
    }
    // A store that was closed meanwhile has cut nothing short: its memory is kept by the cursor.
    return read;
  }

  @Override
  public long timestamp() {
    return scan.entry().timestamp();
  }

  @Override
  public K key() {
    if (key == null) {
      return serdes.key(scan.entry().key());
    }
    timestamp(); // Fails where there is no entry, as everything does that tells of one.
    return key;
  }

  @Override
  public V value() {
    return serdes.value(scan.entry().value());
  }

  @Override
  public int valueLength() {
    return scan.entry().valueLength();
  }

  @Override
  public ByteBuffer valueBytes() {
    return scan.entry().valueBuffer();
  }

  @Override
  public void close() {
    scan.close();
  }
}
