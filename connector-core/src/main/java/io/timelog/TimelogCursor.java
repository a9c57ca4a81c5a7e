package io.timelog;

import io.timelog.internal.log.ValueReader;
import io.timelog.internal.read.KeyScan;

/**
 * Steps through the entries of a {@link Timelog} without allocating anything per entry; only a
 * codec may allocate the value it returns.
 *
 * <pre>{@code
 * try (TimelogCursor<String> cursor = log.cursor(TimeRange.of(10, 20))) {
 *   while (cursor.advance()) {
 *     consume(cursor.timestamp(), cursor.value());
 *   }
 * }
 * }</pre>
 *
 * <p>A cursor reads a snapshot: what was written or deleted after it was opened does not exist for
 * it. It pins the memory of that snapshot, so it must be closed; it closes itself when {@link
 * #advance()} returns false. A cursor belongs to one thread, which need not be the writer's.
 */
public final class TimelogCursor<V> implements EntrySource<Entry<V>>, AutoCloseable {
  private final KeyScan scan;
  private final ValueReader<V> reader;

  TimelogCursor(KeyScan scan, ValueReader<V> reader) {
    this.scan = scan;
    this.reader = reader;
  }

  /**
   * Moves to the next entry; false when there is none, and then the cursor is closed.
   *
   * @throws IllegalStateException if the cursor was closed by {@link #close()}
   */
  @Override
  public boolean advance() {
    return scan.advance();
  }

  /**
   * The timestamp of the entry.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public long timestamp() {
    return scan.timestamp();
  }

  /**
   * The value of the entry; a codec decodes it anew on every call.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public V value() {
    return reader.read(scan.payload(), scan.payloadOffset(), scan.payloadLength());
  }

  /**
   * The entry as an object.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  @Override
  public Entry<V> entry() {
    return new Entry<>(timestamp(), value());
  }

  /** Whether the cursor is closed or exhausted. */
  @Override
  public boolean isClosed() {
    return scan.isClosed();
  }

  /** Lets go of the snapshot. Closing twice does nothing. */
  @Override
  public void close() {
    scan.close();
  }
}
