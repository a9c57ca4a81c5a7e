package io.timelog;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The entries of a range as objects, in time order.
 *
 * <pre>{@code
 * try (TimelogIterator<String> entries = log.range(10, 20)) {
 *   entries.forEachRemaining(entry -> consume(entry.timestamp(), entry.value()));
 * }
 * }</pre>
 *
 * <p>An iterator reads a snapshot: what was written or deleted after it was opened does not exist
 * for it. It pins the memory of that snapshot, so it must be closed; it closes itself when it has
 * no more entries. An iterator belongs to one thread, which need not be the writer's. Allocates one
 * {@link Entry} per step; {@link TimelogCursor} allocates none.
 */
public final class TimelogIterator<V> implements Iterator<Entry<V>>, AutoCloseable {
  private static final int MAX_PRESIZE = 1024;

  private final TimelogCursor<V> cursor;
  private boolean ahead;
  private boolean closed;

  TimelogIterator(TimelogCursor<V> cursor) {
    this.cursor = cursor;
  }

  /**
   * Whether there is another entry; if not, the iterator is closed.
   *
   * @throws IllegalStateException if the iterator was closed by {@link #close()}
   */
  @Override
  public boolean hasNext() {
    checkOpen();
    if (!ahead) {
      ahead = cursor.advance();
    }
    return ahead;
  }

  /**
   * The next entry.
   *
   * @throws NoSuchElementException if there is none
   * @throws IllegalStateException if the iterator was closed by {@link #close()}
   */
  @Override
  public Entry<V> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The iterator has no more entries");
    }
    Entry<V> entry = new Entry<>(cursor.timestamp(), cursor.value());
    ahead = false;
    return entry;
  }

  /**
   * The next {@code n} entries, or as many as are left; empty when there are none. The list belongs
   * to the caller.
   *
   * @throws IllegalArgumentException if {@code n} is negative
   * @throws IllegalStateException if the iterator was closed by {@link #close()}
   */
  public List<Entry<V>> nextBatch(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("A batch must not be negative: n=" + n);
    }
    checkOpen();
    List<Entry<V>> batch = new ArrayList<>(Math.min(n, MAX_PRESIZE));
    while (batch.size() < n && hasNext()) {
      batch.add(next());
    }
    return batch;
  }

  /** Whether the iterator is closed or has no more entries. */
  public boolean isClosed() {
    return cursor.isClosed();
  }

  /** Lets go of the snapshot. Closing twice does nothing. */
  @Override
  public void close() {
    closed = true;
    cursor.close();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("The iterator is closed");
    }
  }
}
