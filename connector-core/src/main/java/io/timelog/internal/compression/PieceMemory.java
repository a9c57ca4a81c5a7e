package io.timelog.internal.compression;

import java.nio.ByteBuffer;

/** Lends memory to who reads what is compressed. Thread-safe. */
public interface PieceMemory {
  /**
   * A buffer of {@code size} bytes or more, with arbitrary content.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is no room
   */
  ByteBuffer take(int size);

  /** Gives a buffer back, which nobody reads any more. */
  void give(ByteBuffer buffer);
}
