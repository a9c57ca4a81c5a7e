package io.timelog.internal.read;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Copies many short spans of bytes, one behind the other, into buffers on the heap. */
final class CopiedBytes {
  private static final int BUFFER_BYTES = 1 << 16;

  /** No buffer is shorter, so that a long can be read from anywhere near its end. */
  private static final int MIN_BYTES = 64;

  private ByteBuffer buffer = ByteBuffer.allocate(MIN_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private int offset;
  private int end;

  /** Without copies. */
  CopiedBytes() {}

  /** Copies a span. */
  void add(ByteBuffer from, int start, int length) {
    if (length > buffer.capacity() - end) {
      buffer = ByteBuffer.allocate(Math.max(length, BUFFER_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
      end = 0;
    }
    buffer.put(end, from, start, length);
    offset = end;
    end += length;
  }

  /** The buffer with the last copy; those before stay where they are. */
  ByteBuffer buffer() {
    return buffer;
  }

  /** Where the last copy starts. */
  int offset() {
    return offset;
  }
}
