package io.timelog.internal.inspection;

import io.timelog.internal.compression.PieceMemory;
import java.nio.ByteBuffer;

/** Memory of the heap, which nobody has to give back. */
final class HeapMemory implements PieceMemory {
  @Override
  public ByteBuffer take(int size) {
    return ByteBuffer.allocate(size);
  }

  /** Does nothing: the collector finds it. */
  @Override
  public void give(ByteBuffer buffer) {}
}
