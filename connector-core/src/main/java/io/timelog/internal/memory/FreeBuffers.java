package io.timelog.internal.memory;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The free buffers of a {@link BufferPool}, which guards them with its lock.
 *
 * <p>A buffer is used again for requests of its own capacity only, the last one first. What nobody
 * needed for a while is spare: of each capacity, the least number that was free at any time since
 * {@link #giveUpSpare} last looked. (Bonwick and Adams, "Magazines and Vmem", USENIX 2001, section
 * 3.3, on the working set of a depot.)
 */
final class FreeBuffers {
  /** Buffers of one owner, not looked at yet. */
  private static final class Returned {
    private final ByteBuffer[] buffers;
    private final int count;

    Returned(ByteBuffer[] buffers, int count) {
      this.buffers = buffers;
      this.count = count;
    }
  }

  /** The free buffers of one capacity. */
  private static final class Shelf {
    private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();

    /** So many were free all the time. */
    private int spare;

    @Nullable ByteBuffer pollLast() {
      ByteBuffer last = buffers.pollLast();
      spare = Math.min(spare, buffers.size());
      return last;
    }
  }

  private final int maxKeptBytes;
  private final ArrayDeque<Returned> returned = new ArrayDeque<>();
  private final TreeMap<Integer, Shelf> shelves = new TreeMap<>();
  private List<ByteBuffer> unwanted = new ArrayList<>();
  private long bytes;

  /**
   * No buffers.
   *
   * @param maxKeptBytes larger ones are not kept
   */
  FreeBuffers(int maxKeptBytes) {
    this.maxKeptBytes = maxKeptBytes;
  }

  /** The bytes of all of them. */
  long bytes() {
    return bytes;
  }

  /** Adds one, or makes it unwanted if it is too large. */
  void add(ByteBuffer buffer) {
    bytes += buffer.capacity();
    sort(buffer);
  }

  /**
   * Adds many in constant time: they are looked at when one is taken.
   *
   * @param count how many there are in the array
   * @param bytes the sum of their capacities
   */
  void addAll(ByteBuffer[] buffers, int count, long bytes) {
    returned.addLast(new Returned(buffers, count));
    this.bytes += bytes;
  }

  private void sort(ByteBuffer buffer) {
    if (buffer.capacity() <= maxKeptBytes) {
      shelves.computeIfAbsent(buffer.capacity(), ignored -> new Shelf()).buffers.addLast(buffer);
    } else {
      reject(buffer);
    }
  }

  private boolean sortLastReturned() {
    Returned last = returned.pollLast();
    if (last == null) {
      return false;
    }
    for (int i = 0; i < last.count; i++) {
      sort(last.buffers[i]);
    }
    return true;
  }

  private void sortAllReturned() {
    while (sortLastReturned()) {
      // Until there is no more.
    }
  }

  /** Takes a buffer of exactly this capacity; null if there is none. */
  @Nullable ByteBuffer take(int capacity) {
    ByteBuffer found = poll(capacity);
    while (found == null && sortLastReturned()) {
      found = poll(capacity);
    }
    bytes -= found == null ? 0 : capacity;
    return found;
  }

  private @Nullable ByteBuffer poll(int capacity) {
    Shelf shelf = shelves.get(capacity);
    return shelf == null ? null : shelf.pollLast();
  }

  /**
   * Makes buffers unwanted, the largest first, until {@code wantedBytes} are available without
   * them, or none is left.
   *
   * @param availableBytes so many are before
   */
  void giveUp(long wantedBytes, long availableBytes) {
    sortAllReturned();
    long available = availableBytes;
    for (ByteBuffer buffer : unwanted) {
      available += buffer.capacity();
    }
    Map.Entry<Integer, Shelf> largest = shelves.lastEntry();
    while (largest != null && available < wantedBytes) {
      ByteBuffer buffer = largest.getValue().pollLast();
      if (buffer == null) {
        shelves.pollLastEntry();
        largest = shelves.lastEntry();
      } else {
        reject(buffer);
        available += buffer.capacity();
      }
    }
  }

  /** Makes unwanted what nobody needed since this was last called, or since it was added. */
  void giveUpSpare() {
    sortAllReturned();
    for (Shelf shelf : shelves.values()) {
      for (int i = 0; i < shelf.spare; i++) {
        reject(shelf.buffers.removeFirst());
      }
      shelf.spare = shelf.buffers.size();
    }
    shelves.values().removeIf(shelf -> shelf.buffers.isEmpty());
  }

  private void reject(ByteBuffer buffer) {
    bytes -= buffer.capacity();
    unwanted.add(buffer);
  }

  /** Takes the buffers that are not worth keeping: they are not among the free ones any more. */
  List<ByteBuffer> takeUnwanted() {
    if (unwanted.isEmpty()) {
      return List.of();
    }
    List<ByteBuffer> taken = unwanted;
    unwanted = new ArrayList<>();
    return taken;
  }
}
