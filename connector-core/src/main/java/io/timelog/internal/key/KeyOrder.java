package io.timelog.internal.key;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Equality and order of key bytes that lie in a heap array or in a buffer. The order is that of the
 * bytes taken as unsigned numbers, the shorter key first when one is a prefix of the other.
 */
public final class KeyOrder {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private KeyOrder() {}

  /**
   * Whether the {@code length} bytes at {@code offset} of {@code buffer}, which is little-endian,
   * are those of the key.
   */
  public static boolean equal(ByteBuffer buffer, int offset, int length, Key key) {
    if (length != key.length()) {
      return false;
    }
    byte[] bytes = key.bytes();
    int start = key.offset();
    int done = 0;
    for (; done <= length - Long.BYTES; done += Long.BYTES) {
      if (buffer.getLong(offset + done) != (long) LONGS.get(bytes, start + done)) {
        return false;
      }
    }
    for (; done < length; done++) {
      if (buffer.get(offset + done) != bytes[start + done]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The first eight bytes of a key in a little-endian buffer as a big-endian number, zeros in place
   * of missing ones: if the numbers of two keys differ as unsigned ones, the keys differ alike.
   */
  public static long prefix(ByteBuffer buffer, int offset, int length) {
    if (length >= Long.BYTES) {
      return Long.reverseBytes(buffer.getLong(offset));
    }
    long prefix = 0;
    for (int i = 0; i < length; i++) {
      prefix |= (buffer.get(offset + i) & 0xFFL) << (Long.SIZE - Byte.SIZE * (i + 1));
    }
    return prefix;
  }

  /** Compares bytes in a buffer with bytes in an array; fast if the buffer is little-endian. */
  public static int compare(
      ByteBuffer left,
      int leftOffset,
      int leftLength,
      byte[] right,
      int rightOffset,
      int rightLength) {
    int common = Math.min(leftLength, rightLength);
    int words = left.order() == ByteOrder.LITTLE_ENDIAN ? common & -Long.BYTES : 0;
    int i = 0;
    for (; i < words; i += Long.BYTES) {
      long leftWord = left.getLong(leftOffset + i);
      long rightWord = (long) LONGS.get(right, rightOffset + i);
      if (leftWord != rightWord) {
        return Long.compareUnsigned(Long.reverseBytes(leftWord), Long.reverseBytes(rightWord));
      }
    }
    for (; i < common; i++) {
      int difference = (left.get(leftOffset + i) & 0xFF) - (right[rightOffset + i] & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    return leftLength - rightLength;
  }

  /** Compares bytes in two buffers, which have the same byte order. */
  public static int compare(
      ByteBuffer left,
      int leftOffset,
      int leftLength,
      ByteBuffer right,
      int rightOffset,
      int rightLength) {
    int common = Math.min(leftLength, rightLength);
    int i = 0;
    while (i <= common - Long.BYTES
        && left.getLong(leftOffset + i) == right.getLong(rightOffset + i)) {
      i += Long.BYTES;
    }
    for (; i < common; i++) {
      int difference = (left.get(leftOffset + i) & 0xFF) - (right.get(rightOffset + i) & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    return leftLength - rightLength;
  }
}
