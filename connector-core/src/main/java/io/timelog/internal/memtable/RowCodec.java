package io.timelog.internal.memtable;

import io.timelog.Span;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;

/**
 * Reads and writes the rows of one window: how a timestamp is stored depends on how much time the
 * window spans. See {@link Chunk} for the layout. Immutable.
 */
final class RowCodec {
  /** The most bytes before the payload of a row. */
  static final int MAX_HEAD_BYTES = Long.BYTES + RowFormat.MAX_VARINT_BYTES;

  private final long origin;
  private final long windowLast;
  private final boolean narrow;
  private final int timestampBytes;

  /** For a window from {@code first} to {@code last}, both included. */
  RowCodec(long first, long last) {
    origin = first;
    windowLast = last;
    long span = last - first;
    narrow = span >= 0 && span <= 0xFFFFFFFFL;
    timestampBytes = narrow ? Integer.BYTES : Long.BYTES;
  }

  /** The timestamp from which narrow timestamps are counted. */
  long origin() {
    return origin;
  }

  /** The last timestamp of the window, included. */
  long windowLast() {
    return windowLast;
  }

  /** Whether a timestamp takes four bytes. */
  boolean isNarrow() {
    return narrow;
  }

  int timestampBytes() {
    return timestampBytes;
  }

  long timestamp(ByteBuffer buffer, int row) {
    return narrow ? origin + (buffer.getInt(row) & 0xFFFFFFFFL) : buffer.getLong(row);
  }

  /**
   * The timestamp of the last row of a chunk that has rows. Mostly it stands in the head of the
   * chunk, too, and the line of the cache with the row is not needed.
   */
  long newest(ByteBuffer buffer, int chunk) {
    return narrow && Chunk.stride(buffer, chunk) > 0
        ? origin + (Chunk.lastTime(buffer, chunk) & 0xFFFFFFFFL)
        : timestamp(buffer, chunk + Chunk.ROWS + Chunk.lastRow(buffer, chunk));
  }

  int rowBytes(int payloadLength) {
    return timestampBytes + RowFormat.varintSize(payloadLength << 1) + payloadLength;
  }

  /** Bytes of the row at {@code row}. */
  int rowBytesAt(ByteBuffer buffer, int row) {
    int head = RowFormat.getVarint(buffer, row + timestampBytes);
    return timestampBytes + RowFormat.varintSize(head) + (head >>> 1);
  }

  /** Where the payload of the row starts. */
  int payloadOffset(ByteBuffer buffer, int row) {
    int head = RowFormat.getVarint(buffer, row + timestampBytes);
    return row + timestampBytes + RowFormat.varintSize(head);
  }

  boolean isTombstone(ByteBuffer buffer, int row) {
    return (buffer.get(row + timestampBytes) & 1) != 0;
  }

  void write(PendingRow row, ByteBuffer buffer, int offset) {
    int position = writeTimestamp(row.timestamp(), buffer, offset);
    int head = row.payloadLength() << 1 | (row.isTombstone() ? 1 : 0);
    position = RowFormat.putVarint(buffer, position, head);
    row.writePayload(buffer, position);
  }

  /** Writes what comes before the payload of an entry; returns where that starts. */
  int writeHead(long timestamp, int payloadLength, ByteBuffer buffer, int offset) {
    return RowFormat.putVarint(
        buffer, writeTimestamp(timestamp, buffer, offset), payloadLength << 1);
  }

  private int writeTimestamp(long timestamp, ByteBuffer buffer, int offset) {
    if (narrow) {
      buffer.putInt(offset, (int) (timestamp - origin));
      return offset + Integer.BYTES;
    }
    buffer.putLong(offset, timestamp);
    return offset + Long.BYTES;
  }

  /**
   * Writes entries of one timestamp and length one after the other; returns where they end.
   *
   * @param values of one length, one after the other from an offset on
   */
  int writeAlike(
      long timestamp,
      byte[] values,
      int valueOffset,
      int length,
      int count,
      ByteBuffer buffer,
      int offset) {
    int rowBytes = rowBytes(length);
    int headBytes = rowBytes - length;
    int row = offset;
    int value = valueOffset;
    for (int i = 0; i < count; i++) {
      writeHead(timestamp, length, buffer, row);
      ByteCopy.write(values, value, length, buffer, row + headBytes);
      row += rowBytes;
      value += length;
    }
    return row;
  }

  /**
   * Compares the row in the buffer with the pending one by the order of a map: timestamp, then
   * range tombstones before everything else, then subkey.
   */
  int compareInMap(ByteBuffer buffer, int row, PendingRow pending) {
    long timestamp = timestamp(buffer, row);
    if (timestamp != pending.timestamp()) {
      return timestamp < pending.timestamp() ? -1 : 1;
    }
    int payload = payloadOffset(buffer, row);
    boolean range = false;
    if (isTombstone(buffer, row)) {
      range = RowFormat.isRange(buffer, payload);
      payload += RowFormat.KIND_BYTES;
    }
    if (range || pending.isRangeTombstone()) {
      return range == pending.isRangeTombstone() ? 0 : range ? -1 : 1;
    }
    return RowFormat.compareSubkey(buffer, payload, pending.subkey());
  }

  /** Compares the row in the buffer with an entry of a map in the order of a map. */
  int compareInMap(ByteBuffer buffer, int row, long otherTimestamp, Span subkey) {
    long timestamp = timestamp(buffer, row);
    if (timestamp != otherTimestamp) {
      return timestamp < otherTimestamp ? -1 : 1;
    }
    int payload = payloadOffset(buffer, row);
    if (isTombstone(buffer, row)) {
      if (RowFormat.isRange(buffer, payload)) {
        return -1;
      }
      payload += RowFormat.KIND_BYTES;
    }
    return RowFormat.compareSubkey(buffer, payload, subkey);
  }

  /** The first start of a row at or behind {@code offset}, both counted from the first row. */
  static int rowAt(int offset, int stride) {
    return stride == 0 ? 0 : (offset + stride - 1) / stride * stride;
  }

  /**
   * Where the first row at or after {@code time} starts, among rows of one size, in order, at least
   * one; {@code end} if there is none.
   */
  int seek(ByteBuffer buffer, int start, int end, int stride, long time) {
    // Entries of a key come at a more or less even pace, so a search that begins where the row
    // should be meets one or two cache lines, where one that halves meets a new one each time.
    int low = start;
    int high = end - stride;
    if (timestamp(buffer, low) >= time) {
      return low;
    }
    if (timestamp(buffer, high) < time) {
      return end;
    }
    int at = guess(buffer, start, end, stride, time);
    if (timestamp(buffer, at) < time) {
      return seekAfter(buffer, at, end, stride, time);
    }
    high = at;
    for (int leap = stride; leap < high - low; leap *= 4) {
      if (timestamp(buffer, high - leap) < time) {
        low = high - leap;
        break;
      }
      high -= leap;
    }
    return between(buffer, low, high, stride, time);
  }

  /**
   * As {@link #seek}, cheap if the place is not far behind {@code start}, whose row is before it.
   */
  int seekAfter(ByteBuffer buffer, int start, int end, int stride, long time) {
    int low = start;
    int high = end;
    for (int leap = stride; leap < high - low; leap *= 4) {
      if (timestamp(buffer, low + leap) >= time) {
        high = low + leap;
        break;
      }
      low += leap;
    }
    return between(buffer, low, high, stride, time);
  }

  /** The first row at or after {@code time}, behind {@code before} and not behind {@code after}. */
  private int between(ByteBuffer buffer, int before, int after, int stride, long time) {
    int low = before;
    int high = after;
    while (high - low > stride) {
      int middle = low + (high - low) / stride / 2 * stride;
      if (timestamp(buffer, middle) < time) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /**
   * About where the first row at or after {@code time} starts, if entries came at an even pace; as
   * in {@link #seek}. Reads the first and the last row.
   */
  int guess(ByteBuffer buffer, int start, int end, int stride, long time) {
    int last = end - stride;
    double oldest = timestamp(buffer, start);
    double newest = timestamp(buffer, last);
    double part = (time - oldest) / (newest - oldest);
    // NaN, where all rows have one timestamp, becomes 0.
    int rowsBehind = (last - start) / stride;
    int rows = (int) (part * rowsBehind);
    return Math.min(last, Math.max(start, start + rows * stride));
  }

  /**
   * Writes entries one after the other, as long as each is as long as the first and none is earlier
   * than the one before or later than the window; returns how many.
   *
   * @param newest the timestamp before the first
   */
  int writeStretch(
      PendingRows pending, int from, int to, long newest, ByteBuffer buffer, int offset) {
    int length = pending.length(from);
    int rowBytes = rowBytes(length);
    int headBytes = rowBytes - length;
    int row = offset;
    long before = newest;
    for (int i = from; i < to; i++) {
      long time = pending.timestamp(i);
      if (time < before || time > windowLast || pending.length(i) != length) {
        return i - from;
      }
      if (narrow) {
        buffer.putInt(row, (int) (time - origin));
      } else {
        buffer.putLong(row, time);
      }
      RowFormat.putVarint(buffer, row + timestampBytes, length << 1);
      ByteCopy.write(pending.bytes(), pending.start(i), length, buffer, row + headBytes);
      row += rowBytes;
      before = time;
    }
    return Math.max(0, to - from);
  }
}
