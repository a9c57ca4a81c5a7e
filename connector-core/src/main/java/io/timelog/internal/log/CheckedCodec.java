package io.timelog.internal.log;

import io.timelog.Codec;
import io.timelog.Table;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A codec whose word is checked: sizes, bytes written, values read. As thread-safe as the codec.
 */
public final class CheckedCodec<T> {
  private final Codec<T> codec;

  /** Checks this codec. */
  public CheckedCodec(Codec<T> codec) {
    this.codec = Objects.requireNonNull(codec, "codec");
  }

  /**
   * The bytes that the codec announces for a value.
   *
   * @throws IllegalArgumentException if it is no size that an entry may have
   */
  int size(T value) {
    int size = codec.size(value);
    if (size < 0) {
      throw new IllegalArgumentException(
          "The codec announced a negative size: size=" + size + ", codec=" + name());
    }
    if (size > Table.MAX_PART_BYTES) {
      throw new IllegalArgumentException(
          "A value is too large: bytes=" + size + ", max=" + Table.MAX_PART_BYTES);
    }
    return size;
  }

  /**
   * Writes a value into a big-endian buffer with {@code size} bytes remaining.
   *
   * @throws IllegalArgumentException if the codec writes more or fewer
   */
  void write(T value, ByteBuffer target, int size) {
    int start = target.position();
    try {
      codec.write(value, target);
    } catch (BufferOverflowException overflow) {
      throw new IllegalArgumentException(
          "The codec wrote more bytes than it announced: size=" + size + ", codec=" + name(),
          overflow);
    }
    int written = target.position() - start;
    if (written != size) {
      throw new IllegalArgumentException(
          "The codec wrote another number of bytes than it announced: size="
              + size
              + ", written="
              + written
              + ", codec="
              + name());
    }
  }

  /**
   * The bytes of a value, in an array of its own.
   *
   * @throws IllegalArgumentException if the codec writes more or fewer than it announces, or too
   *     many for an entry
   */
  public byte[] encode(T value) {
    int size = size(value);
    byte[] bytes = new byte[size];
    write(value, ByteBuffer.wrap(bytes), size);
    return bytes;
  }

  /** The value of some bytes. */
  public T decode(byte[] bytes) {
    return read(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
  }

  /**
   * The value between position and limit of a read-only buffer, whatever its byte order.
   *
   * @throws NullPointerException if the codec reads null
   * @throws IllegalArgumentException if the codec reads behind the end of the value
   */
  public T read(ByteBuffer source) {
    int bytes = source.remaining();
    T value;
    try {
      value = codec.read(source.order(ByteOrder.BIG_ENDIAN));
    } catch (BufferUnderflowException underflow) {
      throw new IllegalArgumentException(
          "The codec read more bytes than the value has; another codec may have written it: bytes="
              + bytes
              + ", codec="
              + name(),
          underflow);
    }
    if (value == null) {
      throw new NullPointerException("The codec read a null value: codec=" + name());
    }
    return value;
  }

  private String name() {
    return codec.getClass().getName();
  }
}
