package io.timelog;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The page spans of a range, by first timestamp. See {@link Timelog#pageSpans(TimeRange)}.
 *
 * <p>Reads a snapshot and pins its memory: close it. It closes itself when there are no more spans.
 * The spans it gave are closed on their own and stay readable until then. Belongs to one thread.
 */
public final class PageSpans<V> implements Iterator<PageSpan<V>>, AutoCloseable {
  private final Lease lease;
  private final LogEngine.Pages pages;
  private final Payloads<V> payloads;
  private LogEngine.@Nullable Page ahead;
  private boolean exhausted;
  private boolean closed;

  PageSpans(LogEngine.Pages pages, Payloads<V> payloads, Payloads.ReadPin pin) {
    this.pages = pages;
    this.payloads = payloads;
    this.lease = new Lease(pages, pin);
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
      ahead = pages.next();
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
    LogEngine.Page page = hasNext() ? ahead : null;
    if (page == null) {
      throw new NoSuchElementException("There are no more page spans");
    }
    ahead = null;
    lease.retain();
    return new PageSpan<>(page, payloads.reader(), lease);
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
    private final LogEngine.Pages pages;
    private final Payloads.ReadPin pin;
    private final AtomicInteger holders = new AtomicInteger(1);

    Lease(LogEngine.Pages pages, Payloads.ReadPin pin) {
      this.pages = pages;
      this.pin = pin;
    }

    void retain() {
      holders.incrementAndGet();
    }

    void release() {
      if (holders.decrementAndGet() == 0) {
        try {
          pages.close();
        } finally {
          pin.close();
        }
      }
    }
  }
}
