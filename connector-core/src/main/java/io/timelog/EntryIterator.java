package io.timelog;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The entries of a range as objects, one after the other.
 *
 * <pre>{@code
 * try (EntryIterator<Entry<String>> entries = log.range(10, 20).iterator()) {
 *   while (entries.hasNext()) {
 *     if (isEnough(entries.next())) {
 *       break;
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>An iterator reads a snapshot: what was written or deleted after it was opened does not exist
 * for it. It pins the memory of that snapshot until it is closed, which it does by itself when it
 * has no more entries; close it where it may be left before. One that is forgotten is closed at
 * some time after it was garbage collected, as a last resort: until then it holds memory that the
 * budget counts.
 *
 * <p>Belongs to one thread, which need not be the writer's. Allocates one object per step; cursors
 * allocate none.
 *
 * @param <E> the type of the entries
 */
public final class EntryIterator<E> implements Iterator<E>, AutoCloseable {
  private static final int MAX_PRESIZE = 1024;

  private final EntrySource<E> source;
  private final ForgottenIterators forgotten;
  private final Cleaner.Cleanable watch;
  private boolean ahead;
  private boolean closed;

  EntryIterator(EntrySource<E> source, ForgottenIterators forgotten) {
    this.source = source;
    this.forgotten = forgotten;
    this.watch = forgotten.watch(this, source);
  }

  /**
   * Whether there is another entry; if not, the iterator is closed.
   *
   * @throws IllegalStateException if the iterator was closed by {@link #close()}
   */
  @Override
  public boolean hasNext() {
    checkOpen();
    try {
      if (!ahead && !source.isClosed()) {
        ahead = source.advance();
        if (!ahead) {
          watch.clean();
        }
      }
      return ahead;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * The next entry.
   *
   * @throws NoSuchElementException if there is none
   * @throws IllegalStateException if the iterator was closed by {@link #close()}
   */
  @Override
  public E next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The iterator has no more entries");
    }
    try {
      E entry = source.entry();
      ahead = false;
      return entry;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * The next {@code n} entries, or as many as are left; empty when there are none. The list belongs
   * to the caller.
   *
   * @throws IllegalArgumentException if {@code n} is negative
   * @throws IllegalStateException if the iterator was closed by {@link #close()}
   */
  public List<E> nextBatch(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("A batch must not be negative: n=" + n);
    }
    checkOpen();
    List<E> batch = new ArrayList<>(Math.min(n, MAX_PRESIZE));
    while (batch.size() < n && hasNext()) {
      batch.add(next());
    }
    return batch;
  }

  /** Whether the iterator is closed or has no more entries. */
  public boolean isClosed() {
    return source.isClosed();
  }

  /** Lets go of the snapshot. Closing twice does nothing. */
  @Override
  public void close() {
    closed = true;
    source.close();
    watch.clean();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("The iterator is closed: of=" + forgotten.owner());
    }
  }
}
