package io.timelog.internal.read;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A read-only view of a part of a buffer, the same object as long as the buffer is the same one.
 * Not thread-safe.
 */
final class BufferView {
  private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

  private ByteBuffer viewed = EMPTY;
  private ByteBuffer view = EMPTY;

  /** The bytes from one place to another, the second excluded, between position and limit. */
  @SuppressWarnings("ReferenceEquality") // a view is of one buffer, whatever another one holds
  ByteBuffer of(ByteBuffer buffer, int from, int to) {
    if (viewed != buffer) {
      viewed = buffer;
      view = buffer.asReadOnlyBuffer().order(ByteOrder.BIG_ENDIAN);
    }
    view.limit(to).position(from);
    return view;
  }
}
