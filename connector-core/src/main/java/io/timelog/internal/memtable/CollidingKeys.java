package io.timelog.internal.memtable;

import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.MemoryAccount;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of keys that have their hash in common with so many others that the {@link KeyTable}
 * does not take them. By chance there are none; who chooses keys can make any number, and each
 * still costs no more than a search among sorted keys.
 *
 * <p>On the heap, but counted against the memory budget. One thread changes it, others may look up
 * at the same time.
 */
final class CollidingKeys {
  /** About what an entry of the map takes beside the bytes of its key. */
  private static final int ENTRY_BYTES = 128;

  private final MemoryAccount pool;
  private long reservedBytes;
  private volatile @Nullable ConcurrentSkipListMap<byte[], Integer> nodes;

  CollidingKeys(MemoryAccount pool) {
    this.pool = pool;
  }

  boolean isEmpty() {
    return nodes == null;
  }

  /** The node of a key; {@link Arena#NONE} if it is not here. */
  int find(Key key) {
    ConcurrentSkipListMap<byte[], Integer> all = nodes;
    if (all == null) {
      return Arena.NONE;
    }
    Integer node = all.get(copy(key));
    return node == null ? Arena.NONE : node;
  }

  private static byte[] copy(Key key) {
    return Arrays.copyOfRange(key.bytes(), key.offset(), key.offset() + key.length());
  }

  static long bytesFor(Key key) {
    return (long) ENTRY_BYTES + key.length();
  }

  /**
   * Counts the memory that the next {@link #add} takes.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is none; nothing changed
   */
  void reserve(Key key) {
    pool.reserveHeap(bytesFor(key));
    reservedBytes += bytesFor(key);
  }

  /** Gives back what was reserved for a key that could not be added. */
  void unreserve(Key key) {
    release(key.length());
  }

  private void release(int keyLength) {
    pool.releaseHeap((long) ENTRY_BYTES + keyLength);
    reservedBytes -= (long) ENTRY_BYTES + keyLength;
  }

  /** Adds a key that is not here. */
  void add(Key key, int node) {
    ConcurrentSkipListMap<byte[], Integer> all = nodes;
    if (all == null) {
      all = new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    }
    all.put(copy(key), node);
    nodes = all;
  }

  /** The nodes of all keys, in no order. */
  int[] references() {
    ConcurrentSkipListMap<byte[], Integer> all = nodes;
    return all == null ? new int[0] : all.values().stream().mapToInt(Integer::intValue).toArray();
  }

  /** Number of keys. Takes as many steps. */
  int size() {
    ConcurrentSkipListMap<byte[], Integer> all = nodes;
    return all == null ? 0 : all.size();
  }

  /** Moves every key to the node that a function says, or removes it if that is none. */
  void moveAll(Mover mover) {
    ConcurrentSkipListMap<byte[], Integer> all = nodes;
    if (all == null) {
      return;
    }
    for (Map.Entry<byte[], Integer> entry : all.entrySet()) {
      int node = mover.move(entry.getValue());
      if (node == Arena.NONE) {
        all.remove(entry.getKey());
        release(entry.getKey().length);
      } else if (node != entry.getValue()) {
        all.put(entry.getKey(), node);
      }
    }
    if (all.isEmpty()) {
      nodes = null;
    }
  }

  /** Says where a node is from now on. */
  interface Mover {
    int move(int node);
  }

  /** Bytes counted against the budget. */
  long bytes() {
    return reservedBytes;
  }

  /** Gives the counted bytes back. */
  void close() {
    pool.releaseHeap(reservedBytes);
    reservedBytes = 0;
  }
}
