package io.timelog.internal.directory;

import io.timelog.internal.compression.PieceMemory;
import io.timelog.internal.memory.MemoryAccount;
import java.nio.ByteBuffer;

/**
 * Memory of the budget of a store, for as long as something is decompressed.
 *
 * @param memory what the store has of it
 */
record LentExtents(MemoryAccount memory) implements PieceMemory {
  @Override
  public ByteBuffer take(int size) {
    return memory.takeExtent(size);
  }

  @Override
  public void give(ByteBuffer buffer) {
    memory.give(buffer);
  }
}
