package io.timelog.internal.journal;

import io.timelog.Span;
import io.timelog.internal.memory.MemoryAccount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Rows of one memtable window that are not in the log yet, as the bytes that the log will have.
 *
 * <p>The bytes lie in slabs, a frame in one slab. The first slab begins with room for what a
 * section has before its frames, which is written when the section is. Belongs to the writer.
 */
final class PendingSection implements PendingItem {
  /** No section grows beyond this and one frame, so that no batch need be much longer. */
  private static final int FULL_BYTES = 16 << 20;

  /** A slab is so many times larger than the one before, until slabs are as large as any. */
  static final int GROWTH = 4;

  private final MemoryAccount memory;
  private final LoggedWindow window;
  private ByteBuffer[] slabs = new ByteBuffer[1];
  private int[] ends = new int[1];
  private int slabCount;
  private int bytesBefore;
  private long slabBytes;
  private int frames;
  private long lastTimestamp;
  private boolean closed;

  PendingSection(MemoryAccount memory, LoggedWindow window) {
    this.memory = memory;
    this.window = window;
    this.lastTimestamp = window.first();
  }

  /** Whether more rows may be written to it. */
  boolean isOpen() {
    return !closed && bytes() < FULL_BYTES;
  }

  /** Ends the section: rows that follow are to be behind something else. */
  void close() {
    closed = true;
  }

  @Override
  public int bytes() {
    return frames == 0 ? 0 : bytesBefore + ends[slabCount - 1];
  }

  /** What it takes of the budget. */
  long heldBytes() {
    return slabBytes;
  }

  /**
   * Makes sure that a frame of so many bytes can be written.
   *
   * @throws io.timelog.MemoryBudgetExceededException if the budget has no room; nothing changed
   */
  void makeRoom(int frameBytes) {
    if (slabCount > 0 && slabs[slabCount - 1].capacity() - ends[slabCount - 1] >= frameBytes) {
      return;
    }
    int needed = slabCount == 0 ? ItemFormat.SECTION_BYTES + frameBytes : frameBytes;
    ByteBuffer slab = memory.take(nextSlabBytes(needed));
    if (slabCount == slabs.length) {
      slabs = Arrays.copyOf(slabs, 2 * slabCount);
      ends = Arrays.copyOf(ends, 2 * slabCount);
    }
    if (slabCount > 0) {
      bytesBefore += ends[slabCount - 1];
    }
    slabs[slabCount] = slab;
    ends[slabCount] = slabCount == 0 ? ItemFormat.SECTION_BYTES : 0;
    slabCount++;
    slabBytes += slab.capacity();
  }

  private int nextSlabBytes(int needed) {
    int size = MemoryAccount.firstSlabBytes();
    int max = memory.maxSlabBytes();
    while (size < max && (size <= slabBytes || size < needed)) {
      size = Math.min(GROWTH * size, max);
    }
    return size < needed ? MemoryAccount.ownSlabBytes(needed) : size;
  }

  /** Writes a frame for which room was made, but for its payload; see {@link #finish}. */
  int begin(FrameKind kind, Span key, long timestamp, int payloadLength) {
    int at =
        FrameFormat.putStart(
            slab(), ends[slabCount - 1], kind, key, timestamp - lastTimestamp, payloadLength);
    lastTimestamp = timestamp;
    return at;
  }

  /** The slab into which the payload of the frame goes. */
  ByteBuffer slab() {
    return slabs[slabCount - 1];
  }

  /** Ends a frame where its payload ends. */
  void finish(int end) {
    ends[slabCount - 1] = end;
    frames++;
  }

  @Override
  public void writeTo(BatchOutput output) throws IOException {
    ItemFormat.putSection(slabs[0], window, bytes() - ItemFormat.SECTION_BYTES, frames);
    for (int i = 0; i < slabCount; i++) {
      output.write(slabs[i], ends[i]);
    }
  }

  @Override
  public void noteIn(SerialSet serials) {
    serials.add(window.serial());
  }

  @Override
  public void release() {
    memory.giveAll(slabs, slabCount, slabBytes);
    slabs = new ByteBuffer[0];
    slabCount = 0;
    slabBytes = 0;
    frames = 0;
    closed = true;
  }
}
