package io.timelog;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Payloads on their way into the engine, one after the other in one array that is used again.
 * Nothing is written to the engine until all of a call are here, so whatever fails on the way
 * leaves the log as it was. Belongs to the writer.
 */
final class StagedPayloads {
  /** Longer arrays than this are given back after use. */
  private static final int KEPT_BYTES = 1 << 20;

  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;
  private static final int INITIAL_BYTES = 256;
  private static final int INITIAL_ROWS = 16;

  private ByteBuffer buffer = ByteBuffer.allocate(INITIAL_BYTES);
  private int[] ends = new int[INITIAL_ROWS];
  private int count;
  private int length;

  /** Forgets all payloads. */
  void clear() {
    count = 0;
    length = 0;
    if (buffer.capacity() > KEPT_BYTES) {
      buffer = ByteBuffer.allocate(INITIAL_BYTES);
    }
    if (ends.length > KEPT_BYTES / Integer.BYTES) {
      ends = new int[INITIAL_ROWS];
    }
  }

  /** The big-endian buffer with exactly {@code size} bytes remaining for the next payload. */
  ByteBuffer open(int size) {
    if (size > buffer.capacity() - length) {
      grow(size);
    }
    buffer.order(ByteOrder.BIG_ENDIAN).limit(length + size).position(length);
    return buffer;
  }

  /** Ends the payload that was opened; returns false, and forgets it, if it is not full. */
  boolean commit(int size) {
    int end = length + size;
    if (buffer.position() != end) {
      return false;
    }
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = end;
    length = end;
    return true;
  }

  /** Bytes of the open payload that were written. */
  int written() {
    return buffer.position() - length;
  }

  int count() {
    return count;
  }

  int length() {
    return length;
  }

  byte[] bytes() {
    return buffer.array();
  }

  int[] ends() {
    return ends;
  }

  private void grow(int size) {
    long needed = (long) length + size;
    if (needed > MAX_BYTES) {
      throw new IllegalArgumentException(
          "One call takes at most "
              + MAX_BYTES
              + " bytes of encoded values: bytes="
              + needed
              + ", values="
              + (count + 1)
              + ". Write in several calls.");
    }
    int capacity = (int) Math.min(MAX_BYTES, Math.max(needed, 2L * buffer.capacity()));
    buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), capacity));
  }
}
