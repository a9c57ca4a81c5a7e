package io.timelog.internal.row;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

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

  /** Set by {@link #passStretch()}. */
  protected int rowStride;

  protected int timestampOffset;
  protected int timestampStride;
  protected long timestampOrigin;
  protected long timestampMask;

  /** Rows that are stepped over at once: enough to touch, few enough to stay in cache. */
  protected static final int STRETCH_ROWS = 64;

  private static final int CACHE_LINE_BYTES = 64;

  /** Kept so that the loads of {@link #touch} are not optimized away. */
  @SuppressWarnings("unused")
  private int touched;

  private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

  /** Moves to the next row; false when there is none, and from then on. */
  public abstract boolean advance();

  /**
   * Steps over some of the rows that come next and are alike, and tells where they lie, so that the
   * caller can walk them by adding numbers: none is a tombstone, their payloads are as long as that
   * of the current row and lie in the same buffer, each {@link #rowStride} bytes from the one
   * before. The timestamp of each is {@code timestampOrigin + (long at timestampOffset &
   * timestampMask)}, little-endian, the offset that of the current row and {@link #timestampStride}
   * from row to row. To be called after {@link #advance()} returned true; what it said of the
   * current row stays true until the next call of it.
   *
   * @return how many rows were stepped over; 0 where rows are not alike, and then the rest is
   *     arbitrary
   */
  public int passStretch() {
    return 0;
  }

  /**
   * Steps to the row of a map that has the subkey, an entry or the tombstone of one, if all rows
   * that follow have one timestamp and come in order; false if there is none. Range tombstones are
   * passed over.
   */
  public final boolean advanceTo(byte[] subkey) {
    while (advance()) {
      if (!isRangeTombstone()) {
        int entry = tombstone ? payloadOffset + RowFormat.KIND_BYTES : payloadOffset;
        int order = RowFormat.compareSubkey(payload, entry, subkey);
        if (order >= 0) {
          return order == 0;
        }
      }
    }
    return false;
  }

  /**
   * As {@link #advanceTo}, for rows of which none is a tombstone.
   *
   * @return a copy of the value, or null if there is no such entry
   */
  public final byte @Nullable [] findValue(byte[] subkey) {
    return advanceTo(subkey) ? mapValue() : null;
  }

  /** A copy of the value of the current row, an entry of a map. */
  public final byte[] mapValue() {
    return RowFormat.mapValue(payload, payloadOffset, payloadOffset + payloadLength);
  }

  /** How far the payloads of a stretch are apart; negative in a backward cursor. */
  public final int rowStride() {
    return rowStride;
  }

  /** Where the timestamp of the current row lies in {@link #payload()}. */
  public final int timestampOffset() {
    return timestampOffset;
  }

  /** How far the timestamps of a stretch are apart. */
  public final int timestampStride() {
    return timestampStride;
  }

  /** What is added to the stored timestamps of a stretch. */
  public final long timestampOrigin() {
    return timestampOrigin;
  }

  /** What of the eight bytes belongs to a stored timestamp. */
  public final long timestampMask() {
    return timestampMask;
  }

  /** The timestamp of the row. */
  public final long timestamp() {
    return timestamp;
  }

  /** Whether the row hides rows of older sources instead of being an entry. */
  public final boolean isTombstone() {
    return tombstone;
  }

  /** Whether the row hides a range of timestamps of its key in older sources. */
  public final boolean isRangeTombstone() {
    return tombstone && RowFormat.isRange(payload, payloadOffset);
  }

  /**
   * The last timestamp that a range tombstone hides, included; the first is the row's own. For any
   * other row, its timestamp.
   */
  public final long rangeLast() {
    return isRangeTombstone() ? RowFormat.rangeLast(payload, payloadOffset) : timestamp;
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

  /**
   * Loads a byte of every cache line from one place to another, both included. Cache misses are
   * then waited for together, while reading row by row the processor looks only a few rows ahead.
   */
  protected final void touch(ByteBuffer buffer, int from, int to) {
    int sum = 0;
    // A payload of no bytes may begin where the buffer ends.
    int last = Math.min(Math.max(from, to), buffer.capacity() - 1);
    for (int at = Math.min(from, to); at <= last; at += CACHE_LINE_BYTES) {
      sum += buffer.get(at);
    }
    touched = sum;
  }
}
