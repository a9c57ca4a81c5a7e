package io.timelog.internal.drop;

import java.nio.ByteBuffer;

/** Is told of each row that is gone for good and that nobody can read any more. */
@FunctionalInterface
public interface RowDropListener {
  /**
   * The row is gone. The buffers may be read, at the given places, until the method returns; what
   * it throws is counted and logged.
   */
  void onDrop(
      ByteBuffer key,
      int keyOffset,
      int keyLength,
      long timestamp,
      ByteBuffer payload,
      int payloadOffset,
      int payloadLength);
}
