package io.timelog;

import io.timelog.internal.row.ByteCopy;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * A byte array that grows: what a read copies a value into, and what an {@link Editor} writes a
 * value to. It keeps its array, so reading into one target again and again allocates nothing once
 * the array is as large as the largest value.
 *
 * <p>Belongs to whoever made it; nothing of the engine is seen through it. Not thread-safe.
 */
public final class ByteTarget {
  private static final byte[] NO_BYTES = new byte[0];
  private static final int FIRST_BYTES = 32;

  private byte[] bytes;
  private int length;

  /** A target without bytes. */
  public ByteTarget() {
    bytes = NO_BYTES;
  }

  /**
   * A target without bytes that has room for so many.
   *
   * @throws IllegalArgumentException if {@code capacity} is negative
   */
  public ByteTarget(int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException("A capacity must not be negative: capacity=" + capacity);
    }
    bytes = new byte[capacity];
  }

  /** The array, of which the first {@link #length()} bytes count; replaced when it grows. */
  public byte[] bytes() {
    return bytes;
  }

  /** How many bytes the target holds. */
  public int length() {
    return length;
  }

  /** A copy of what the target holds. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Forgets what the target holds; it keeps its array. Returns this. */
  public ByteTarget clear() {
    length = 0;
    return this;
  }

  /**
   * Sets the length, for who then fills {@link #bytes()}: bytes up to the former length stay, those
   * behind it have any value. Returns this.
   *
   * @throws IllegalArgumentException if {@code newLength} is negative
   */
  public ByteTarget resize(int newLength) {
    if (newLength < 0) {
      throw new IllegalArgumentException("A length must not be negative: length=" + newLength);
    }
    makeRoom(newLength);
    length = newLength;
    return this;
  }

  /** Adds one byte. Returns this. */
  public ByteTarget append(byte value) {
    int at = length;
    resize(more(1));
    bytes[at] = value;
    return this;
  }

  /** Adds eight bytes, big-endian. Returns this. */
  public ByteTarget appendLong(long value) {
    int at = length;
    resize(more(Long.BYTES));
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[at + i] = (byte) (value >>> (Long.SIZE - Byte.SIZE * (i + 1)));
    }
    return this;
  }

  /** Adds the bytes of a span. Returns this. */
  public ByteTarget append(Span span) {
    return append(span.bytes(), span.offset(), span.length());
  }

  /**
   * Adds a part of an array. Returns this.
   *
   * @throws IndexOutOfBoundsException if the part does not lie in the array
   */
  public ByteTarget append(byte[] from, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, from.length);
    int at = length;
    resize(more(count));
    System.arraycopy(from, offset, bytes, at, count);
    return this;
  }

  /**
   * Replaces what the target holds by a part of a buffer, at absolute indexes. Returns this.
   *
   * @throws IndexOutOfBoundsException if the part does not lie before the limit of the buffer
   */
  public ByteTarget set(ByteBuffer from, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, from.limit());
    resize(count);
    ByteCopy.read(from, offset, count, bytes, 0);
    return this;
  }

  private int more(int count) {
    return Math.addExact(length, count);
  }

  private void makeRoom(int needed) {
    if (needed > bytes.length) {
      int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, Math.max(needed, Math.max(doubled, FIRST_BYTES)));
    }
  }

  @Override
  public String toString() {
    return "ByteTarget[length=" + length + "]";
  }
}
