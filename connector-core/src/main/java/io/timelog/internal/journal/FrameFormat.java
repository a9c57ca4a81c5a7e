package io.timelog.internal.journal;

import io.timelog.Span;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;

/**
 * Layout of a frame: a row that was written to one key.
 *
 * <pre>
 *   size  field
 *      1  kind, see {@link FrameKind}
 *      v  length of the key
 *         key
 *      v  timestamp less that of the frame before, zigzag; of the first frame of a section, less
 *         the first timestamp of its window
 *      v  length of the payload
 *         payload, see {@link RowFormat}
 * </pre>
 *
 * <p>Lengths are unsigned LEB128 varints of at most five bytes, the timestamp is one of at most
 * ten. A frame says what was asked of the store, not how the memtable keeps it.
 */
final class FrameFormat {
  /** The most bytes of a frame beside its key and payload. */
  static final int MAX_OVERHEAD_BYTES = 1 + 2 * RowFormat.MAX_VARINT_BYTES + 10;

  private FrameFormat() {}

  /** Writes all of a frame before its payload, and returns the offset after it. */
  static int putStart(
      ByteBuffer to, int offset, FrameKind kind, Span key, long timeStep, int payloadLength) {
    to.put(offset, kind.code());
    int at = RowFormat.putVarint(to, offset + 1, key.length());
    at = putBytes(to, at, key);
    at = putZigzag(to, at, timeStep);
    return RowFormat.putVarint(to, at, payloadLength);
  }

  /** Writes the bytes of a span, and returns the offset after them. */
  static int putBytes(ByteBuffer to, int offset, Span bytes) {
    ByteCopy.write(bytes.bytes(), bytes.offset(), bytes.length(), to, offset);
    return offset + bytes.length();
  }

  private static int putZigzag(ByteBuffer to, int offset, long value) {
    long rest = (value << 1) ^ (value >> (Long.SIZE - 1));
    int at = offset;
    while ((rest & ~0x7FL) != 0) {
      to.put(at++, (byte) (rest | 0x80));
      rest >>>= 7;
    }
    to.put(at++, (byte) rest);
    return at;
  }
}
