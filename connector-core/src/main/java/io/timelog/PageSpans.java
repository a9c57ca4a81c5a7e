package io.timelog;

import io.timelog.internal.log.Payloads;
import io.timelog.internal.read.PageSlice;
import io.timelog.internal.read.PageSlices;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The page spans of a range, by first timestamp. See {@link Timelog#pageSpans(TimeRange)} and
 * {@link TableReader#pageSpans(byte[], TimeRange, Codec)}.
 *
 * <p>Reads a snapshot and pins its memory: close it. It closes itself when there are no more spans.
 * The spans it gave are closed on their own and stay readable until then. Belongs to one thread.
 */
public final class PageSpans<V> implements Iterator<PageSpan<V>>, AutoCloseable {
  private final Lease lease;
  private final PageSlices slices;
  private final Payloads<V> payloads;
  private @Nullable PageSlice ahead;
  private boolean exhausted;
  private boolean closed;

  PageSpans(PageSlices slices, Payloads<V> payloads) {
    this.slices = slices;
    this.payloads = payloads;
    this.lease = new Lease(slices);
  }

  /**
   * Whether there is another span; if not, this iterator is closed.
   *
   * @throws IllegalStateException if it was closed by {@link #close()}
   */
  @Override
  public boolean hasNext() {
    if (closed) {
      throw new IllegalStateException("The page spans are closed");
    }
    if (ahead == null && !exhausted) {
      ahead = slices.next();
      if (ahead == null) {
        exhausted = true;
        lease.release();
      }
    }
    return ahead != null;
  }

  /**
   * The next span, which the caller closes.
   *
   * @throws NoSuchElementException if there is none
   * @throws IllegalStateException if this iterator was closed by {@link #close()}
   */
  @Override
  public PageSpan<V> next() {
    PageSlice slice = hasNext() ? ahead : null;
    if (slice == null) {
      throw new NoSuchElementException("There are no more page spans");
    }
    ahead = null;
    lease.retain();
    return new PageSpan<>(slice, payloads.reader(), lease);
  }

  /** Whether this iterator is closed or exhausted. */
  public boolean isClosed() {
    return closed || exhausted;
  }

  /** Lets go of the snapshot, but for the spans that are open. Closing twice does nothing. */
  @Override
  public void close() {
    boolean wasOpen = !isClosed();
    closed = true;
    ahead = null;
    if (wasOpen) {
      lease.release();
    }
  }

  /** The snapshot, held by the iterator and by each open span. */
  static final class Lease {
    private final PageSlices slices;
    private final AtomicInteger holders = new AtomicInteger(1);

    Lease(PageSlices slices) {
      this.slices = slices;
    }

    void retain() {
      holders.incrementAndGet();
    }

    void release() {
      if (holders.decrementAndGet() == 0) {
        slices.close();
      }
    }
  }
}
