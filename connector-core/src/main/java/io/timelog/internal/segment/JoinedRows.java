package io.timelog.internal.segment;

import io.timelog.internal.row.RowCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one key that lie in several segments, one cursor after the other. A cursor is opened
 * when the one before is at its end, so no more than one stands on a page.
 */
final class JoinedRows extends RowCursor {
  /** The rows that one segment has. */
  interface Part {
    /** Opens them; null if there are none. */
    @Nullable RowCursor open();
  }

  private Part[] parts = new Part[2];
  private int count;
  private int next;
  private @Nullable RowCursor current;

  /** Without rows. */
  JoinedRows() {}

  /** Takes all parts out, so that others can be added. */
  void clear() {
    count = 0;
    next = 0;
    current = null;
  }

  /** Adds the rows that come behind those of the parts before. */
  void add(Part part) {
    if (count == parts.length) {
      parts = Arrays.copyOf(parts, 2 * count);
    }
    parts[count++] = part;
  }

  @Override
  public boolean advance() {
    while (true) {
      RowCursor part = current;
      if (part != null && part.advance()) {
        timestamp = part.timestamp();
        tombstone = part.isTombstone();
        payload = part.payload();
        payloadOffset = part.payloadOffset();
        payloadLength = part.payloadLength();
        return true;
      }
      if (next == count) {
        current = null;
        return false;
      }
      current = parts[next++].open();
    }
  }

  @Override
  public int passStretch() {
    RowCursor part = current;
    int passed = part == null ? 0 : part.passStretch();
    if (part != null && passed > 0) {
      rowStride = part.rowStride();
      timestampOffset = part.timestampOffset();
      timestampStride = part.timestampStride();
      timestampOrigin = part.timestampOrigin();
      timestampMask = part.timestampMask();
    }
    return passed;
  }
}
