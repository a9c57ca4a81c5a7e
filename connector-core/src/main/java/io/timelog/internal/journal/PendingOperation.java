package io.timelog.internal.journal;

import io.timelog.internal.memory.MemoryAccount;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Something that concerns a table as a whole and is not in the log yet. */
final class PendingOperation implements PendingItem {
  private final MemoryAccount memory;
  private final ByteBuffer item;
  private long heldBytes;

  /** An operation for which so many bytes of the heap were counted. */
  PendingOperation(MemoryAccount memory, ByteBuffer item, long heldBytes) {
    this.memory = memory;
    this.item = item;
    this.heldBytes = heldBytes;
  }

  @Override
  public int bytes() {
    return heldBytes == 0 ? 0 : item.capacity();
  }

  @Override
  public void writeTo(BatchOutput output) throws IOException {
    output.write(item, item.capacity());
  }

  @Override
  public void noteIn(SerialSet serials) {
    // It is of no window.
  }

  @Override
  public void release() {
    memory.releaseHeap(heldBytes);
    heldBytes = 0;
  }
}
