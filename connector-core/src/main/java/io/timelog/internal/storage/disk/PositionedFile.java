package io.timelog.internal.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file whose bytes do not change, read at any place by any number of threads. */
public interface PositionedFile extends Closeable {
  /** The name under which the file was opened. */
  String name();

  /** The length in bytes when it was opened. */
  long length();

  /**
   * Reads bytes, from {@code offset} on, into all that {@code target} has room for. Direct buffers
   * are read into without a copy.
   *
   * @throws io.timelog.TimelogCorruptionException if the file ends before; it was cut since it was
   *     written
   * @throws IOException if the bytes cannot be had; the position of the buffer is where it was
   * @throws IllegalStateException if the file is closed
   */
  void read(long offset, ByteBuffer target) throws IOException;

  /** Lets go of the file. Closing twice does nothing. */
  @Override
  void close() throws IOException;
}
