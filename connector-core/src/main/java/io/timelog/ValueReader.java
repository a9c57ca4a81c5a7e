package io.timelog;

import java.nio.ByteBuffer;

/**
 * Reads values out of bytes: the half of a {@link Codec} that is enough for whoever writes none.
 *
 * @param <V> the type of the values; never null
 */
@FunctionalInterface
public interface ValueReader<V> {
  /**
   * Reads the value that lies between position and limit of a read-only, big-endian buffer. What is
   * returned must not refer to the buffer, whose memory is used again.
   */
  V read(ByteBuffer source);
}
