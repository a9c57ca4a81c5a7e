package io.timelog.internal.row;

import io.timelog.ByteTarget;
import io.timelog.Span;
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

  /** The most rows of a stretch: enough to be worth prefetching, few enough to stay in cache. */
  protected static final int STRETCH_ROWS = 64;

  private static final int CACHE_LINE_BYTES = 64;

  /** The result of {@link #touch}, kept so that its loads are not optimized away. */
  @SuppressWarnings("unused")
  private int touched;

  private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

  /** Moves to the next row; false when there is none, and from then on. */
  public abstract boolean advance();

  /**
   * Steps over a stretch: some of the next rows, if they have the shape of the current one, and
   * says where they lie, so that the caller can walk them by adding numbers. None is a tombstone;
   * their payloads are as long as that of the current row and lie in the same buffer, each {@link
   * #rowStride} bytes from the one before. The timestamp of each is {@code timestampOrigin + (long
   * at timestampOffset & timestampMask)}, little-endian, where the offset starts at that of the
   * current row and grows by {@link #timestampStride} from row to row. Call after {@link
   * #advance()} returned true; the current row stays current until the next call of that.
   *
   * @return how many rows were stepped over; if 0, the other numbers mean nothing
   */
  public int passStretch() {
    return 0;
  }

  /**
   * Passes over some of the next rows, before the first {@link #advance()}, if they are of a
   * timestamp and it costs less than to step over them one by one; no row may be a tombstone.
   *
   * @param most how many at most
   * @return how many were passed over, which may be none
   */
  public long pass(long timestampOfRows, long most) {
    return 0;
  }

  /**
   * Steps to the row of a map that has the subkey, an entry or the tombstone of one, if all rows
   * that follow have one timestamp and come in order; false if there is none. Range tombstones are
   * passed over.
   */
  public final boolean advanceTo(Span subkey) {
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
  public final byte @Nullable [] findValue(Span subkey) {
    while (advance()) {
      int order = RowFormat.compareSubkey(payload, payloadOffset, subkey);
      if (order >= 0) {
        return order == 0 ? mapValue() : null;
      }
    }
    return null;
  }

  /** A copy of the value of the current row, an entry of a map. */
  public final byte[] mapValue() {
    return RowFormat.mapValue(payload, payloadOffset, payloadOffset + payloadLength);
  }

  /**
   * Copies the value of the current row, an entry of a map, if there is a target; returns its
   * length.
   */
  public final int readMapValue(@Nullable ByteTarget into) {
    int start = RowFormat.mapValueStart(payload, payloadOffset);
    int length = payloadOffset + payloadLength - start;
    if (into != null) {
      into.set(payload, start, length);
    }
    return length;
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

  /** Added to each stored timestamp of a stretch. */
  public final long timestampOrigin() {
    return timestampOrigin;
  }

  /** The bits of the eight bytes that hold a stored timestamp. */
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
   * Prefetches the cache lines from one place to another, both included, by loading a byte of each.
   * The misses overlap; reading row by row, the processor looks only a few rows ahead.
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
