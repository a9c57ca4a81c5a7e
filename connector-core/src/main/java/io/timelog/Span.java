package io.timelog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A part of a byte array: how keys, subkeys and values are given to a {@link TableWriter}. Holds
 * the array itself, no copy, and can be pointed at other bytes again and again, so that one span
 * serves all calls.
 *
 * <pre>{@code
 * Span key = new Span();
 * for (Record record : records) {
 *   writer.append(key.set(record.buffer(), record.keyOffset(), record.keyLength()), ...);
 * }
 * }</pre>
 *
 * <p>The bytes must not change while a call that was given the span runs; what is to be kept is
 * copied by then. Not thread-safe. Spans are compared by identity; {@link #contentEquals} compares
 * bytes.
 */
public final class Span {
  private static final byte[] NO_BYTES = new byte[0];
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = NO_BYTES;
  private int offset;
  private int length;

  /** A span of no bytes. */
  public Span() {}

  /** A span over a whole array. */
  public static Span of(byte[] bytes) {
    return new Span().set(bytes);
  }

  /**
   * A span over a part of an array.
   *
   * @throws IndexOutOfBoundsException if the part does not lie in the array
   */
  public static Span of(byte[] bytes, int offset, int length) {
    return new Span().set(bytes, offset, length);
  }

  /** Points the span at a whole array. Returns this. */
  public Span set(byte[] whole) {
    bytes = Objects.requireNonNull(whole, "bytes");
    offset = 0;
    length = whole.length;
    return this;
  }

  /**
   * Points the span at a part of an array. Returns this.
   *
   * @throws IndexOutOfBoundsException if the part does not lie in the array; the span is unchanged
   */
  public Span set(byte[] array, int from, int count) {
    Objects.checkFromIndexSize(from, count, array.length);
    bytes = array;
    offset = from;
    length = count;
    return this;
  }

  /** Points the span at what another one points at now. Returns this. */
  public Span set(Span other) {
    bytes = other.bytes;
    offset = other.offset;
    length = other.length;
    return this;
  }

  /** Points the span at what a target holds, until the target gets other bytes. Returns this. */
  public Span set(ByteTarget target) {
    return set(target.bytes(), 0, target.length());
  }

  /** Points the span at no bytes, so that it keeps no array alive. Returns this. */
  public Span clear() {
    return set(NO_BYTES);
  }

  /** The array; the span starts at {@link #offset()}. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where in the array the span starts. */
  public int offset() {
    return offset;
  }

  /** Length of the span in bytes. */
  public int length() {
    return length;
  }

  /** Whether the span has no bytes. */
  public boolean isEmpty() {
    return length == 0;
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    byte[] copy = new byte[length];
    System.arraycopy(bytes, offset, copy, 0, length);
    return copy;
  }

  /**
   * Eight bytes of the span from {@code at} on, big-endian, as {@link ByteTarget#appendLong} writes
   * them.
   *
   * @throws IndexOutOfBoundsException if they do not lie in the span
   */
  public long getLong(int at) {
    Objects.checkFromIndexSize(at, Long.BYTES, length);
    return (long) LONGS.get(bytes, offset + at);
  }

  /** Whether both spans have the same bytes. */
  public boolean contentEquals(Span other) {
    return Arrays.equals(
        bytes, offset, offset + length, other.bytes, other.offset, other.offset + other.length);
  }

  @Override
  public String toString() {
    return "Span[offset=" + offset + ", length=" + length + "]";
  }
}
