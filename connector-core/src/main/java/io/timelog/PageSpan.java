package io.timelog;

import io.timelog.internal.log.ValueReader;
import io.timelog.internal.read.PageSlice;
import java.nio.LongBuffer;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Consecutive entries that lie together in one page of a segment, oldest first: their timestamps in
 * place, without a copy, and their values decoded when asked for.
 *
 * <pre>{@code
 * try (PageSpan<String> span = spans.next();
 *     PageSpan.Timestamps timestamps = span.timestamps()) {
 *   LongBuffer buffer = timestamps.buffer();
 *   ...
 * }
 * }</pre>
 *
 * <p>A span is never empty. It pins the memory of a snapshot until it is closed. Belongs to one
 * thread, which need not be the writer's.
 */
public final class PageSpan<V> implements AutoCloseable {
  private final PageSlice slice;
  private final ValueReader<V> reader;
  private final PageSpans.Lease lease;
  private int openViews;
  private boolean closed;

  PageSpan(PageSlice slice, ValueReader<V> reader, PageSpans.Lease lease) {
    this.slice = slice;
    this.reader = reader;
    this.lease = lease;
  }

  /** The number of entries. */
  public int size() {
    return slice.size();
  }

  /** The timestamp of the first entry. */
  public long startTimestamp() {
    checkOpen();
    return slice.timestamp(0);
  }

  /** The timestamp of the last entry, which is in the span. */
  public long endTimestamp() {
    checkOpen();
    return slice.timestamp(slice.size() - 1);
  }

  /**
   * Opens a view of the timestamps in the page's own memory. The span cannot be closed before all
   * of its views are.
   *
   * @throws IllegalStateException if the span is closed
   */
  public Timestamps timestamps() {
    checkOpen();
    openViews++;
    return new Timestamps(this, slice.timestamps());
  }

  /**
   * A copy of the timestamps.
   *
   * @throws IllegalStateException if the span is closed
   */
  public long[] copyTimestamps() {
    checkOpen();
    return slice.copyTimestamps();
  }

  /**
   * The values, each decoded when it is asked for; usable until the span is closed. {@code
   * List.copyOf(span.values())} outlives the span.
   *
   * @throws IllegalStateException if the span is closed
   */
  public Values<V> values() {
    checkOpen();
    return new Values<>(this);
  }

  /** Whether the span is closed. */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Lets go of the memory. Closing twice does nothing.
   *
   * @throws IllegalStateException if a view of the timestamps is open; then the span stays open too
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (openViews > 0) {
      throw new IllegalStateException(
          "The page span cannot be closed while its timestamps are held open: openViews="
              + openViews
              + ". Close the views first.");
    }
    closed = true;
    lease.release();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("The page span is closed");
    }
  }

  private V value(int index) {
    checkOpen();
    return reader.read(slice.payload(), slice.payloadOffset(index), slice.payloadLength(index));
  }

  /** The timestamps of a span, never decreasing, in the page's own memory. */
  public static final class Timestamps implements AutoCloseable {
    private final PageSpan<?> span;
    private final LongBuffer buffer;
    private boolean closed;

    private Timestamps(PageSpan<?> span, LongBuffer buffer) {
      this.span = span;
      this.buffer = buffer;
    }

    /**
     * A read-only buffer from position zero to the size of the span, the same on every call.
     * Whoever keeps it beyond {@link #close()} keeps its memory from being used for anything else.
     *
     * @throws IllegalStateException if this view is closed
     */
    public LongBuffer buffer() {
      if (closed) {
        throw new IllegalStateException("The view of the timestamps is closed");
      }
      return buffer;
    }

    /** Whether this view is closed. */
    public boolean isClosed() {
      return closed;
    }

    /** Ends the view. Closing twice does nothing. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        span.openViews--;
      }
    }
  }

  /**
   * The values of a span as an unmodifiable list with access in constant time, which decodes a
   * value each time it is asked for. Every access throws {@link IllegalStateException} once the
   * span is closed.
   */
  public static final class Values<V> extends AbstractList<V> implements RandomAccess {
    private final PageSpan<V> span;

    private Values(PageSpan<V> span) {
      this.span = span;
    }

    @Override
    public V get(int index) {
      return span.value(Objects.checkIndex(index, size()));
    }

    /**
     * The value at {@code index} counted from the end, the last one being at zero.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public V getFromEnd(int index) {
      return span.value(size() - 1 - Objects.checkIndex(index, size()));
    }

    @Override
    public int size() {
      return span.size();
    }
  }
}
