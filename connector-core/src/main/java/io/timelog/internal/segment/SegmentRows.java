package io.timelog.internal.segment;

import io.timelog.internal.cache.Hold;
import io.timelog.internal.format.v1.PageFormat;
import io.timelog.internal.format.v1.PageFormat.Columns;
import io.timelog.internal.row.RowCursor;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A cursor over the rows of one key: the page it is on. Subclasses step in one direction. */
abstract class SegmentRows extends RowCursor {

  /*
   * The offsets of the page are copied into fields of the cursor, so that a step touches the cursor
   * and the columns and nothing between.
   */

  final SegmentPages pages;
  final Hold hold;
  ByteBuffer bytes = EMPTY_PAGE;
  int pageNumber;
  int payloadEnds;
  int payloads;

  private static final ByteBuffer EMPTY_PAGE = ByteBuffer.allocateDirect(0);

  private int tombstones;
  private @Nullable Page current;

  SegmentRows(SegmentPages pages) {
    this.pages = pages;
    hold = pages.cursorHold();
  }

  /** Makes {@code page} the current one. */
  final void enter(int number, Page page) {
    pageNumber = number;
    current = page;
    bytes = page.bytes;
    payloadEnds = page.payloadEnds;
    payloads = page.payloads;
    tombstones = page.tombstones;
    payload = page.bytes;
    payloadLength = page.payloadLength;
    tombstone = false;
  }

  /** Has the cache decide about the page: the cursor is at its end, and stands on no row. */
  final void letGo() {
    hold.letGo();
  }

  /** The page that was entered last. */
  final Page page() {
    return Objects.requireNonNull(current);
  }

  /** Whether payloads have different lengths, so that their ends must be read. */
  final boolean hasPayloadEnds() {
    return payloadEnds != Columns.ABSENT;
  }

  /** Whether every row of the page is an entry with a payload of the same length. */
  final boolean isUniform() {
    return payloadEnds == Columns.ABSENT && tombstones == Columns.ABSENT;
  }

  /**
   * Steps over rows of a uniform page that follow row {@code current}; for {@link #passStretch()}.
   *
   * @param step 1 for later rows, -1 for earlier ones
   * @param left how many there are in the range
   */
  final int passRows(int current, int step, int left) {
    int count = Math.min(left, STRETCH_ROWS);
    if (count > 0) {
      rowStride = step * payloadLength;
      timestampOffset = PageFormat.timestampOffset(current);
      timestampStride = step * Long.BYTES;
      timestampOrigin = 0;
      timestampMask = -1;
      touch(bytes, timestampOffset, timestampOffset + count * timestampStride);
      touch(bytes, payloadOffset, payloadOffset + count * rowStride);
    }
    return count;
  }

  /** The end of the payload of a row, if {@link #hasPayloadEnds()}. */
  final int payloadEnd(int row) {
    return payloads + bytes.getInt(payloadEnds + Integer.BYTES * row);
  }

  /** Reads whether a row is a tombstone. */
  final void readTombstone(int row) {
    if (tombstones != Columns.ABSENT) {
      tombstone = (bytes.get(tombstones + (row >>> 3)) >>> (row & 7) & 1) != 0;
    }
  }
}
