package io.timelog.internal.key;

import java.nio.ByteBuffer;

/**
 * Equality and order of key bytes that lie in a heap array or in a buffer. The order is that of the
 * bytes taken as unsigned numbers, the shorter key first when one is a prefix of the other.
 */
public final class KeyOrder {
  private KeyOrder() {}

  /** Whether the {@code length} bytes at {@code offset} of {@code buffer} are those of the key. */
  public static boolean equal(ByteBuffer buffer, int offset, int length, Key key) {
    if (length != key.length()) {
      return false;
    }
    byte[] bytes = key.bytes();
    int start = key.offset();
    for (int i = 0; i < length; i++) {
      if (buffer.get(offset + i) != bytes[start + i]) {
        return false;
      }
    }
    return true;
  }

  /** Compares bytes in a buffer with bytes in an array. */
  public static int compare(
      ByteBuffer left,
      int leftOffset,
      int leftLength,
      byte[] right,
      int rightOffset,
      int rightLength) {
    int common = Math.min(leftLength, rightLength);
    for (int i = 0; i < common; i++) {
      int difference = (left.get(leftOffset + i) & 0xFF) - (right[rightOffset + i] & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    return leftLength - rightLength;
  }

  /** Compares bytes in two buffers. */
  public static int compare(
      ByteBuffer left,
      int leftOffset,
      int leftLength,
      ByteBuffer right,
      int rightOffset,
      int rightLength) {
    int common = Math.min(leftLength, rightLength);
    for (int i = 0; i < common; i++) {
      int difference = (left.get(leftOffset + i) & 0xFF) - (right.get(rightOffset + i) & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    return leftLength - rightLength;
  }
}
