package io.timelog.internal.storage;

import io.timelog.internal.memory.MemoryAccount;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * The bytes of one segment in memory and the two reasons to keep them: that it is listed, and open
 * inputs. Thread-safe.
 */
final class MemorySegment {
  /*
   * Each write becomes one extent, a buffer of its own, so that a page that was written at once is read
   * back as a slice without a copy.
   *
   * Extents that were read to keep are never written again. Where memory is left to the garbage
   * collector, it frees them when nobody can reach them any more; where it is not, a reader who wants to
   * keep bytes gets a copy.
   */

  private static final ByteBuffer NO_BYTES = ByteBuffer.allocateDirect(0);

  private final String name;
  private final MemoryAccount memory;
  private List<ByteBuffer> extents = new ArrayList<>();

  /** Where the extents start in the segment, and after the last one where it ends. */
  private long[] starts = new long[8];

  /** Ranges over several extents that were asked for. */
  private final List<ByteBuffer> copies = new ArrayList<>();

  /** The extents that readers keep. */
  private final BitSet kept = new BitSet();

  private long heldBytes;
  private boolean sealed;
  private boolean listed = true;
  private int inputs;

  MemorySegment(String name, MemoryAccount memory) {
    this.name = name;
    this.memory = memory;
  }

  String name() {
    return name;
  }

  synchronized boolean isSealed() {
    return sealed && listed;
  }

  synchronized long length() {
    return starts[extents.size()];
  }

  /** The bytes of its buffers, which are a little more than its length. */
  synchronized long heldBytes() {
    return heldBytes;
  }

  synchronized void append(ByteBuffer bytes) {
    int size = bytes.remaining();
    if (size == 0) {
      return;
    }
    ByteBuffer extent = memory.takeExtent(size);
    heldBytes += extent.capacity();
    int index = extents.size();
    extents.add(extent);
    if (index + 1 == starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
    }
    starts[index + 1] = starts[index] + size;
    extent.clear().put(bytes).clear();
  }

  /** Seals the segment and opens it. */
  synchronized void seal() {
    sealed = true;
    inputs++;
  }

  synchronized boolean tryOpen() {
    if (!sealed || !listed) {
      return false;
    }
    inputs++;
    return true;
  }

  synchronized void closeInput() {
    inputs--;
    freeIfUnused();
  }

  /** Takes a sealed segment off the list; false if it is not sealed or not listed. */
  synchronized boolean delete() {
    if (!sealed || !listed) {
      return false;
    }
    discard();
    return true;
  }

  /** Takes the segment off the list. */
  synchronized void discard() {
    listed = false;
    freeIfUnused();
  }

  synchronized ByteBuffer read(long offset, int size) {
    Objects.checkFromIndexSize(offset, size, length());
    if (size == 0) {
      return NO_BYTES.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
    int index = extentOf(offset);
    int start = (int) (offset - starts[index]);
    return endsIn(index, offset, size)
        ? extents.get(index).slice(start, size).order(ByteOrder.LITTLE_ENDIAN)
        : gather(index, start, size);
  }

  synchronized ByteBuffer readToKeep(long offset, int size) {
    Objects.checkFromIndexSize(offset, size, length());
    if (size > 0 && memory.isLeftToCollector()) {
      int index = extentOf(offset);
      if (endsIn(index, offset, size)) {
        kept.set(index);
        return read(offset, size);
      }
    }
    ByteBuffer copy = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    if (size > 0) {
      copyInto(copy, extentOf(offset), offset);
    }
    return copy.flip();
  }

  synchronized void copyTo(long offset, ByteBuffer target) {
    Objects.checkFromIndexSize(offset, target.remaining(), length());
    if (target.hasRemaining()) {
      copyInto(target, extentOf(offset), offset);
    }
  }

  private int extentOf(long offset) {
    int index = Arrays.binarySearch(starts, 0, extents.size(), offset);
    return index >= 0 ? index : -index - 2;
  }

  private boolean endsIn(int extent, long offset, int size) {
    return offset + size <= starts[extent + 1];
  }

  /** A range over several extents can only be had as a copy, which the segment pays for too. */
  private ByteBuffer gather(int firstExtent, int start, int size) {
    ByteBuffer copy = memory.takeExtent(size);
    copies.add(copy);
    heldBytes += copy.capacity();
    copyInto(copy.clear().limit(size), firstExtent, starts[firstExtent] + start);
    return copy.clear().slice(0, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void copyInto(ByteBuffer copy, int firstExtent, long offset) {
    int skip = (int) (offset - starts[firstExtent]);
    for (int i = firstExtent; copy.hasRemaining(); i++) {
      int length = (int) (starts[i + 1] - starts[i]) - skip;
      copy.put(extents.get(i).slice(skip, Math.min(copy.remaining(), length)));
      skip = 0;
    }
  }

  private void freeIfUnused() {
    if (listed || inputs > 0 || heldBytes == 0) {
      return;
    }
    ByteBuffer[] free = new ByteBuffer[extents.size() + copies.size()];
    int count = 0;
    long bytes = 0;
    for (int i = 0; i < free.length; i++) {
      if (!kept.get(i)) {
        ByteBuffer buffer = i < extents.size() ? extents.get(i) : copies.get(i - extents.size());
        free[count++] = buffer;
        bytes += buffer.capacity();
      }
    }
    memory.giveAll(free, count, bytes);
    if (bytes < heldBytes) {
      memory.forget(heldBytes - bytes);
    }
    extents = new ArrayList<>();
    copies.clear();
    starts = new long[1];
    heldBytes = 0;
  }
}
