package io.timelog.internal.segment;

import io.timelog.internal.row.RowCursor;
import java.util.Arrays;

/** The rows of one key that lie in several segments, one cursor after the other. */
final class JoinedRows extends RowCursor {
  private RowCursor[] parts = new RowCursor[2];
  private int count;
  private int current;

  /** Without rows. */
  JoinedRows() {}

  /** Takes all parts out, so that others can be added. */
  void clear() {
    count = 0;
    current = 0;
  }

  /** Adds the rows that come behind those of the parts before. */
  void add(RowCursor part) {
    if (count == parts.length) {
      parts = Arrays.copyOf(parts, 2 * count);
    }
    parts[count++] = part;
  }

  @Override
  public boolean advance() {
    while (current < count) {
      RowCursor part = parts[current];
      if (part.advance()) {
        timestamp = part.timestamp();
        tombstone = part.isTombstone();
        payload = part.payload();
        payloadOffset = part.payloadOffset();
        payloadLength = part.payloadLength();
        return true;
      }
      current++;
    }
    return false;
  }

  @Override
  public int passStretch() {
    RowCursor part = parts[current];
    int passed = part.passStretch();
    if (passed > 0) {
      rowStride = part.rowStride();
      timestampOffset = part.timestampOffset();
      timestampStride = part.timestampStride();
      timestampOrigin = part.timestampOrigin();
      timestampMask = part.timestampMask();
    }
    return passed;
  }
}
