package io.timelog.internal.memtable;

import java.nio.ByteBuffer;

/** Stored rows that follow one another in a chunk or a node, and stay when others are replaced. */
final class RowRange {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final RowCodec codec;
  private ByteBuffer buffer = NOTHING;
  private int start;
  private int bytes;
  private int stride;

  RowRange(RowCodec codec) {
    this.codec = codec;
  }

  /** No rows. */
  void clear() {
    buffer = NOTHING;
    bytes = 0;
    stride = 0;
  }

  /**
   * The rows of so many bytes from a place in a buffer on.
   *
   * @param each the size of every one of them; 0 if they differ
   */
  void set(ByteBuffer in, int from, int length, int each) {
    buffer = in;
    start = from;
    bytes = length;
    stride = each;
  }

  boolean isEmpty() {
    return bytes == 0;
  }

  int bytes() {
    return bytes;
  }

  /** The size of every row; 0 if they differ. */
  int stride() {
    return stride;
  }

  /** Copies the rows to a place in another buffer. */
  void copyTo(ByteBuffer other, int offset) {
    other.put(offset, buffer, start, bytes);
  }

  /** Number of rows. */
  int count() {
    if (stride > 0) {
      return bytes / stride;
    }
    int count = 0;
    for (int next = 0; next < bytes; count++) {
      next += codec.rowBytesAt(buffer, start + next);
    }
    return count;
  }

  /** Where the last row starts, counted from the first. */
  int lastRow() {
    if (stride > 0) {
      return bytes - stride;
    }
    int last = 0;
    int next = 0;
    while (next < bytes) {
      last = next;
      next += codec.rowBytesAt(buffer, start + next);
    }
    return last;
  }
}
