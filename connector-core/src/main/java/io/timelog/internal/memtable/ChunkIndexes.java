package io.timelog.internal.memtable;

import org.jspecify.annotations.Nullable;

/**
 * The {@linkplain ChunkIndex indexes} of the long chains of one window, by node. There are few: a
 * chain has to take many chunks before it gets one.
 *
 * <p>One thread adds and removes, others may look up at the same time.
 */
final class ChunkIndexes {
  /** A chain with fewer chunks is walked. */
  static final int MIN_CHUNKS = 16;

  private static final int FIRST_SLOTS = 16;

  private record Entry(int node, ChunkIndex index) {}

  /** Replaced as a whole when it changes, which is once in the life of a chain. */
  private volatile @Nullable Entry[] slots = new Entry[FIRST_SLOTS];

  private int size;

  /** The index of a chain; null if it has none. */
  @Nullable ChunkIndex of(int node) {
    @Nullable Entry[] all = slots;
    int place = place(node, all.length);
    Entry entry = all[place];
    while (entry != null && entry.node != node) {
      place = (place + 1) & (all.length - 1);
      entry = all[place];
    }
    return entry == null ? null : entry.index;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(int node, ChunkIndex index) {
    @Nullable Entry[] all = slots;
    copy(all, (size + 1) * 2 > all.length ? 2 * all.length : all.length, 0, new Entry(node, index));
    size++;
  }

  /** Forgets the index of a chain, if it has one. */
  void remove(int node) {
    if (of(node) != null) {
      @Nullable Entry[] all = slots;
      copy(all, all.length, node, null);
      size--;
    }
  }

  private void copy(@Nullable Entry[] all, int length, int without, @Nullable Entry more) {
    @Nullable Entry[] others = new Entry[length];
    for (Entry entry : all) {
      if (entry != null && entry.node != without) {
        put(others, entry);
      }
    }
    if (more != null) {
      put(others, more);
    }
    slots = others;
  }

  private static void put(@Nullable Entry[] all, Entry entry) {
    int place = place(entry.node, all.length);
    while (all[place] != null) {
      place = (place + 1) & (all.length - 1);
    }
    all[place] = entry;
  }

  private static int place(int node, int length) {
    return ((node * 0x9E3779B9) >>> 16) & (length - 1);
  }
}
