package io.timelog.internal.row;

import java.nio.ByteBuffer;

/**
 * Steps through the rows of one key in one source: by timestamp, rows of equal timestamp in the
 * order of the source (arrival in a multimap, subkey in a map). A backward cursor gives the exact
 * reverse.
 *
 * <p>The accessors are valid after {@link #advance()} returned true and until the next call of it.
 * The payload is not copied: it lies in a buffer that belongs to the source and stays readable
 * while the source is retained. Not thread-safe.
 *
 * <p>This class is on the hot path of every scan, so the position is kept in plain fields that the
 * subclasses set and the accessors are final.
 */
public abstract class RowCursor {
  protected long timestamp;
  protected boolean tombstone;
  protected ByteBuffer payload = EMPTY;
  protected int payloadOffset;
  protected int payloadLength;

  private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

  /** Moves to the next row; false when there is none, and from then on. */
  public abstract boolean advance();

  /** The timestamp of the row. */
  public final long timestamp() {
    return timestamp;
  }

  /** Whether the row hides rows of older sources instead of being an entry. */
  public final boolean isTombstone() {
    return tombstone;
  }

  /** The buffer with the payload; use absolute reads only. Little-endian. */
  public final ByteBuffer payload() {
    return payload;
  }

  /** Where the payload starts in {@link #payload()}. */
  public final int payloadOffset() {
    return payloadOffset;
  }

  /** Length of the payload in bytes. */
  public final int payloadLength() {
    return payloadLength;
  }
}
