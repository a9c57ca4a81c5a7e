package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.MemoryAccount;

/**
 * The versions of one write, counted from the base version of the window, and the blocks that were
 * taken out of sight and wait until no open reader can stand on them.
 *
 * <p>Not thread-safe: for the writer.
 */
final class Reclamation {
  /*
   * A reader that was open when a block was unlinked may have found it before, or may come to it from
   * another block that was unlinked later. A reader that came afterwards cannot. The version moves on
   * when a write meets a new reader, so readers that were open then are older than the version of the
   * write, and those that come afterwards are not: a block that was unlinked at a version is free as soon
   * as the oldest open reader has reached it. (Fraser, "Practical lock-freedom", 2004.)
   */

  private static final int ENTRY = 3;
  private static final int FIRST_ENTRIES = 16;

  /** In the place of a version: the next write has something to look after. */
  private static final long UNSETTLED = -1;

  private final long baseVersion;
  private final Arena arena;
  private final MemoryAccount pool;
  private long seenVersion = UNSETTLED;
  private long seenNewest;
  private long seenOldest;
  private int version;
  private int frozen = -1;
  private int oldest = Integer.MAX_VALUE;

  /** A ring of reference, bytes and version, from the oldest to the newest. */
  private int[] waiting = new int[0];

  private int first;
  private int count;
  private long waitingBytes;

  /** What is counted of the heap that the ring takes. */
  private long reservedBytes;

  Reclamation(long baseVersion, Arena arena, MemoryAccount pool) {
    this.baseVersion = baseVersion;
    this.arena = arena;
    this.pool = pool;
  }

  /** Whether nothing has changed since the last write, so that this one need not {@link #begin}. */
  boolean isAt(WriteMoment now) {
    return now.version() == seenVersion
        && now.newestReader() == seenNewest
        && now.oldestReader() == seenOldest;
  }

  /** Begins a write, and frees what nobody can see any more. */
  void begin(WriteMoment now) {
    seenVersion = now.version();
    seenNewest = now.newestReader();
    seenOldest = now.oldestReader();
    version = Chunk.relativeVersion(seenVersion, baseVersion);
    frozen = Chunk.relativeVersion(seenNewest, baseVersion);
    // Readers that are older than the window do not have it.
    oldest =
        frozen < 0
            ? Integer.MAX_VALUE
            : Math.max(0, Chunk.relativeVersion(seenOldest, baseVersion));
    if (count > 0) {
      freeUnseen();
    }
    if (ringBytes() != reservedBytes) {
      count();
    }
  }

  private long ringBytes() {
    return waiting.length <= FIRST_ENTRIES * ENTRY ? 0 : (long) waiting.length * Integer.BYTES;
  }

  /** Not when the ring grows: in the middle of a write it is too late to find no memory. */
  private void count() {
    long more = ringBytes() - reservedBytes;
    if (more < 0) {
      pool.releaseHeap(-more);
      reservedBytes += more;
    } else if (pool.tryReserveHeap(more)) {
      reservedBytes += more;
    } else {
      seenVersion = UNSETTLED;
    }
  }

  /** Bytes counted against the budget beside those of the arena. */
  long heapBytes() {
    return reservedBytes;
  }

  /** Gives the counted bytes back. */
  void close() {
    pool.releaseHeap(reservedBytes);
    reservedBytes = 0;
  }

  /** The version that is written at. */
  int version() {
    return version;
  }

  /** Whether an open reader may see what was written at a version. */
  boolean isFrozen(int written) {
    return written <= frozen;
  }

  boolean hasReaders() {
    return frozen >= 0;
  }

  /** Whether some open reader may be older than a version. */
  boolean hasReadersBefore(int written) {
    return frozen >= 0 && oldest < written;
  }

  /** No open reader is older. */
  int oldest() {
    return oldest;
  }

  /** Frees a block that was just unlinked, as soon as nobody can look at it. */
  void retire(int reference, int bytes) {
    if (frozen < 0) {
      arena.free(reference, bytes);
      return;
    }
    if ((count + 1) * ENTRY > waiting.length) {
      grow();
    }
    int at = (first + count) % (waiting.length / ENTRY) * ENTRY;
    waiting[at] = reference;
    waiting[at + 1] = bytes;
    waiting[at + 2] = version;
    count++;
    waitingBytes += bytes;
  }

  private void grow() {
    int[] more = new int[Math.max(FIRST_ENTRIES * ENTRY, 2 * waiting.length)];
    int head = waiting.length - first * ENTRY;
    System.arraycopy(waiting, first * ENTRY, more, 0, head);
    System.arraycopy(waiting, 0, more, head, first * ENTRY);
    waiting = more;
    first = 0;
    seenVersion = UNSETTLED;
  }

  private void freeUnseen() {
    int slots = waiting.length / ENTRY;
    while (count > 0 && waiting[first * ENTRY + 2] <= oldest) {
      int reference = waiting[first * ENTRY];
      int bytes = waiting[first * ENTRY + 1];
      first = (first + 1) % slots;
      count--;
      waitingBytes -= bytes;
      arena.free(reference, bytes);
    }
    if (count == 0) {
      waiting = slots > 1024 ? new int[0] : waiting;
      first = 0;
    }
  }

  /** Bytes of blocks that wait for readers. */
  long waitingBytes() {
    return waitingBytes;
  }
}
