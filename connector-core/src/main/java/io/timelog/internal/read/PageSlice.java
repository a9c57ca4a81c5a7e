package io.timelog.internal.read;

import io.timelog.internal.segment.Page;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * Consecutive rows of one page, at least one. Rows are numbered from 0 within the slice. Readable
 * while the lease is held that the page was found through; any number of threads may read.
 */
public final class PageSlice {
  private final Page page;
  private final int from;
  private final int size;

  /** The rows {@code [from, to)} of a page. */
  PageSlice(Page page, int from, int to) {
    this.page = page;
    this.from = from;
    this.size = to - from;
  }

  /** The number of rows. */
  public int size() {
    return size;
  }

  /** The timestamp of a row. */
  public long timestamp(int row) {
    return page.timestamp(from + row);
  }

  /**
   * The timestamps: read-only, from position zero to the size, sharing the memory of the page, and
   * readable for ever.
   */
  public LongBuffer timestamps() {
    return page.timestamps().slice(from, size);
  }

  /** A copy of the timestamps. */
  public long[] copyTimestamps() {
    return page.copyTimestamps(from, size);
  }

  /** The buffer that holds the payloads, little-endian; use absolute reads only. */
  public ByteBuffer payload() {
    return page.payload();
  }

  /** Where the payload of a row starts in {@link #payload()}. */
  public int payloadOffset(int row) {
    return page.payloadOffset(from + row);
  }

  /** The length of the payload of a row. */
  public int payloadLength(int row) {
    return page.payloadLength(from + row);
  }
}
