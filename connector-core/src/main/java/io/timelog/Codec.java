package io.timelog;

import java.nio.ByteBuffer;

/**
 * Turns values into bytes and back. {@link Codecs} has the common ones.
 *
 * <p>Buffers are big-endian when a codec gets them and belong to the log: a codec must not keep
 * one, because its memory is used again. The writer, readers and maintenance call one codec at the
 * same time, so it must be thread-safe; a codec without fields is.
 *
 * <p>A codec may refuse a value by throwing from {@link #size} or {@link #write}. The exception
 * reaches the caller of the log as it is, and the log is unchanged.
 *
 * @param <V> the type of the values; never null
 */
public interface Codec<V> extends ValueReader<V> {
  /** The number of bytes that {@link #write} is going to write for this value; zero or more. */
  int size(V value);

  /**
   * Writes exactly {@link #size} bytes with relative puts. The target has just that many bytes
   * remaining.
   */
  void write(V value, ByteBuffer target);
}
