package io.timelog.internal.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A new file that is written front to back. Belongs to one thread, except that any thread may force
 * it while it is open.
 *
 * <p>When a write fails, some of its bytes may be in the file; when a force fails, any of the bytes
 * since the last one may never get there, even if a later force succeeds. So the first failure is
 * the last use of the file: every further write and force throws as well.
 */
public interface AppendFile extends Closeable {
  /** The name under which the file was made. */
  String name();

  /** The number of bytes written so far. */
  long position();

  /**
   * Appends all remaining bytes and leaves the position of the buffer at its limit.
   *
   * @throws IOException if the file system refuses, or if a write or force failed before
   */
  void write(ByteBuffer bytes) throws IOException;

  /**
   * Makes durable what was written before the call.
   *
   * @throws IOException if that is not known to have happened, or if a write or force failed before
   */
  void force() throws IOException;

  /** Lets go of the file; forces nothing. Closing twice does nothing. */
  @Override
  void close() throws IOException;
}
