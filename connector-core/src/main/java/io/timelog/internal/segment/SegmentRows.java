package io.timelog.internal.segment;

import io.timelog.internal.format.PageFormat.Columns;
import io.timelog.internal.row.RowCursor;
import java.nio.ByteBuffer;

/** What both directions of stepping through the rows of one key share: the page they are on. */
abstract class SegmentRows extends RowCursor {

  // The offsets of the page are copied into fields of the cursor, so that a step touches the cursor
  // and the columns and nothing between.

  final Segment segment;
  ByteBuffer bytes = EMPTY_PAGE;
  int pageNumber;
  int payloadEnds;
  int payloads;

  private static final ByteBuffer EMPTY_PAGE = ByteBuffer.allocateDirect(0);

  private int tombstones;

  SegmentRows(Segment segment) {
    this.segment = segment;
  }

  /** Makes {@code page} the current one. */
  final void enter(int number, Page page) {
    pageNumber = number;
    bytes = page.bytes;
    payloadEnds = page.payloadEnds;
    payloads = page.payloads;
    tombstones = page.tombstones;
    payload = page.bytes;
    payloadLength = page.payloadLength;
    tombstone = false;
  }

  /** Whether payloads have different lengths, so that their ends must be read. */
  final boolean hasPayloadEnds() {
    return payloadEnds != Columns.ABSENT;
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
