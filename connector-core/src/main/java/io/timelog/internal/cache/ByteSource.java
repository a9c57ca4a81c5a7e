package io.timelog.internal.cache;

import java.nio.ByteBuffer;

/** Bytes that can be read at any place, by any number of threads. */
public interface ByteSource {
  /**
   * Copies bytes, from {@code offset} on, into all that {@code target} has room for.
   *
   * @throws io.timelog.TimelogException if they cannot be read
   */
  void read(long offset, ByteBuffer target);
}
