package io.timelog.internal.compression;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Memory full of garbage, in buffers that are larger than asked for. Insists that each comes back
 * once, and knows the largest.
 */
final class LentMemory implements PieceMemory {
  private final Set<ByteBuffer> lent = Collections.newSetFromMap(new IdentityHashMap<>());
  private int largest;

  @Override
  public ByteBuffer take(int size) {
    largest = Math.max(largest, size);
    byte[] garbage = new byte[size + 7];
    Arrays.fill(garbage, (byte) 0xA5);
    ByteBuffer buffer = ByteBuffer.allocateDirect(garbage.length).put(garbage);
    lent.add(buffer);
    return buffer;
  }

  @Override
  public void give(ByteBuffer buffer) {
    if (!lent.remove(buffer)) {
      throw new IllegalStateException("Given back twice, or never taken");
    }
  }

  /** How many buffers have not come back. */
  int lent() {
    return lent.size();
  }

  /** The largest size that was asked for. */
  int largest() {
    return largest;
  }
}
