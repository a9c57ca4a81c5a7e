package io.timelog.internal.memtable;

import io.timelog.Span;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of one long chain in order, each with the bound from which on rows belong to it: finds
 * the chunk of a row in a number of steps that grows with the logarithm of the chain.
 *
 * <p>One thread changes it, others may search at the same time.
 */
final class ChunkIndex {
  /*
   * A B+-tree of two levels whose nodes are immutable: a change copies one leaf and the list of leaves,
   * a chunk or two in a hundred rows. A chunk keeps its bound when another takes its place, whatever
   * rows that has: so a reader of an older version that starts at the chunk the present has for a row
   * goes on to what was there in its time. What was in place of chunks before the index was made may
   * reach below their bounds, so older readers do without it.
   *
   * It lives on the heap, where old leaves go when their last reader is done: 20 bytes, in maps the
   * first subkey, too, for a chunk of some kilobytes.
   *
   * A chunk is looked up by its first row, to which its bound leads, because the bound itself is known
   * here only. Where many chunks begin with the same timestamp, or a chunk has no rows, that does not
   * tell them apart; but the writer then mostly wants the newest, or one beside that it wanted last.
   */

  private static final int MAX_LEAF = 128;

  /** What the index takes beside its leaves, with its place in {@link ChunkIndexes}. */
  private static final int OBJECT_BYTES = 128;

  /** What a leaf takes without its chunks. */
  private static final int LEAF_BYTES = 96;

  private static final int CHUNK_BYTES = Integer.BYTES + 2 * Long.BYTES;
  private static final int ARRAY_HEADER_BYTES = 16;

  private static final class Leaf {
    private final int[] chunks;
    private final long[] times;
    private final byte[] @Nullable [] subkeys;

    Leaf(int[] chunks, long[] times, byte[] @Nullable [] subkeys) {
      this.chunks = chunks;
      this.times = times;
      this.subkeys = subkeys;
    }

    int size() {
      return chunks.length;
    }

    Leaf part(int from, int to) {
      return new Leaf(
          Arrays.copyOfRange(chunks, from, to),
          Arrays.copyOfRange(times, from, to),
          Arrays.copyOfRange(subkeys, from, to));
    }
  }

  private final int since;
  private volatile Leaf[] leaves;
  private long chunkBytes;

  /** Where the writer found a chunk last. */
  private int leafAt;

  private int placeAt;

  /**
   * An index of the chunks of a chain.
   *
   * @param since readers older than this version must do without it
   * @param chunks from the oldest to the newest
   * @param times of the first row of each
   * @param subkeys of the first row of each; null if it comes before every subkey
   */
  ChunkIndex(int since, int[] chunks, long[] times, byte[] @Nullable [] subkeys) {
    this.since = since;
    this.leaves = cut(new Leaf(chunks, times, subkeys));
    for (byte[] subkey : subkeys) {
      chunkBytes += bytesFor(subkey);
    }
  }

  private static long bytesFor(byte @Nullable [] subkey) {
    if (subkey == null) {
      return CHUNK_BYTES;
    }
    long array = (long) ARRAY_HEADER_BYTES + subkey.length;
    return CHUNK_BYTES + ((array + Long.BYTES - 1) & -Long.BYTES);
  }

  /** About the bytes of heap that the index takes. */
  long bytes() {
    return OBJECT_BYTES + (long) LEAF_BYTES * leaves.length + chunkBytes;
  }

  private static Leaf[] cut(Leaf all) {
    int size = all.size();
    Leaf[] cut = new Leaf[Math.max(1, (size + MAX_LEAF / 2 - 1) / (MAX_LEAF / 2))];
    for (int i = 0; i < cut.length; i++) {
      cut[i] = all.part(i * (MAX_LEAF / 2), Math.min(size, (i + 1) * (MAX_LEAF / 2)));
    }
    return cut;
  }

  /** Whether a reader of the version may use the index. */
  boolean isFor(int version) {
    return version >= since;
  }

  /** The chunk to which the last row at or before the timestamp belongs; 0 if there is none. */
  int find(long time) {
    return find(time, null, true);
  }

  /**
   * The chunk to which a row of a map belongs.
   *
   * @param subkey null for what comes before every subkey
   */
  int find(long time, @Nullable Span subkey) {
    return find(time, subkey, false);
  }

  private int find(long time, @Nullable Span subkey, boolean newest) {
    Leaf[] all = leaves;
    Leaf leaf = all[leafOf(all, time, subkey, newest)];
    return leaf.size() == 0 ? 0 : leaf.chunks[placeIn(leaf, time, subkey, newest)];
  }

  private static int leafOf(Leaf[] all, long time, @Nullable Span subkey, boolean newest) {
    int low = 0;
    int high = all.length;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (isAfter(all[middle], 0, time, subkey, newest)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return low;
  }

  private static int placeIn(Leaf leaf, long time, @Nullable Span subkey, boolean newest) {
    int from = 0;
    int to = leaf.size();
    while (to - from > 1) {
      int middle = (from + to) >>> 1;
      if (isAfter(leaf, middle, time, subkey, newest)) {
        to = middle;
      } else {
        from = middle;
      }
    }
    return from;
  }

  /** Whether the bound of a chunk is after a row. */
  private static boolean isAfter(
      Leaf leaf, int place, long time, @Nullable Span subkey, boolean newest) {
    if (leaf.times[place] != time) {
      return leaf.times[place] > time;
    }
    byte[] bound = leaf.subkeys[place];
    if (newest || bound == null) {
      return false;
    }
    return subkey == null
        || Arrays.compareUnsigned(
                bound,
                0,
                bound.length,
                subkey.bytes(),
                subkey.offset(),
                subkey.offset() + subkey.length())
            > 0;
  }

  /**
   * As {@link #find(long, Span)}, or, unless the chain is one of a map, {@link #find(long)}; for
   * the writer, which goes on there.
   */
  int seek(boolean map, long time, @Nullable Span subkey) {
    Leaf[] all = leaves;
    leafAt = leafOf(all, time, subkey, !map);
    Leaf leaf = all[leafAt];
    placeAt = placeIn(leaf, time, subkey, !map);
    return leaf.size() == 0 ? 0 : leaf.chunks[placeAt];
  }

  /**
   * As {@link #seek}, with the first row of a chunk, before the index is changed at that chunk: so
   * it is found at once.
   */
  void seek(int chunk, boolean map, long time, byte @Nullable [] subkey) {
    if (isAt(chunk)
        || isNewest(chunk)
        || seek(map, time, subkey == null ? null : Span.of(subkey)) == chunk) {
      return;
    }
    Leaf[] all = leaves;
    while (leafAt > 0 || placeAt > 0) {
      if (placeAt == 0) {
        leafAt--;
        placeAt = all[leafAt].size();
      }
      placeAt--;
      Leaf leaf = all[leafAt];
      if (leaf.chunks[placeAt] == chunk || leaf.times[placeAt] != time) {
        return;
      }
    }
  }

  /** Whether the writer found this chunk last, so that a change there needs no search. */
  boolean isAt(int chunk) {
    Leaf[] all = leaves;
    return leafAt < all.length
        && placeAt < all[leafAt].size()
        && all[leafAt].chunks[placeAt] == chunk;
  }

  private boolean isNewest(int chunk) {
    Leaf[] all = leaves;
    int[] newest = all[all.length - 1].chunks;
    if (newest.length == 0 || newest[newest.length - 1] != chunk) {
      return false;
    }
    leafAt = all.length - 1;
    placeAt = newest.length - 1;
    return true;
  }

  /** The chunk just above another one; 0 if that is the newest or not in the index. */
  int above(int chunk) {
    if (!locate(chunk)) {
      return 0;
    }
    Leaf leaf = leaves[leafAt];
    if (placeAt + 1 < leaf.size()) {
      return leaf.chunks[placeAt + 1];
    }
    return leafAt + 1 < leaves.length ? leaves[leafAt + 1].chunks[0] : 0;
  }

  /** Another chunk takes the place of one, with the same bound. */
  void replace(int chunk, int other) {
    if (locate(chunk)) {
      Leaf leaf = leaves[leafAt];
      int[] chunks = leaf.chunks.clone();
      chunks[placeAt] = other;
      publish(new Leaf(chunks, leaf.times, leaf.subkeys));
    }
  }

  /** A chunk comes right above another one. */
  void insertAbove(int chunk, int other, long time, byte @Nullable [] subkey) {
    if (!locate(chunk)) {
      return;
    }
    Leaf leaf = leaves[leafAt];
    int at = placeAt + 1;
    int size = leaf.size();
    Leaf wider = new Leaf(new int[size + 1], new long[size + 1], new byte @Nullable [size + 1][]);
    System.arraycopy(leaf.chunks, 0, wider.chunks, 0, at);
    System.arraycopy(leaf.chunks, at, wider.chunks, at + 1, size - at);
    System.arraycopy(leaf.times, 0, wider.times, 0, at);
    System.arraycopy(leaf.times, at, wider.times, at + 1, size - at);
    System.arraycopy(leaf.subkeys, 0, wider.subkeys, 0, at);
    System.arraycopy(leaf.subkeys, at, wider.subkeys, at + 1, size - at);
    wider.chunks[at] = other;
    wider.times[at] = time;
    wider.subkeys[at] = subkey;
    chunkBytes += bytesFor(subkey);
    publish(wider);
  }

  /** Chunks, from the oldest to the newest, with their bounds. */
  static final class Run {
    private final int[] chunks;
    private final long[] times;
    private final byte[] @Nullable [] subkeys;

    /** Bounds are to be set for each. */
    Run(int[] chunks) {
      this.chunks = chunks;
      this.times = new long[chunks.length];
      this.subkeys = new byte @Nullable [chunks.length][];
    }

    /** Sets the bound of one of them. */
    void bound(int place, long time, byte @Nullable [] subkey) {
      times[place] = time;
      subkeys[place] = subkey;
    }

    /** Moves the bound of the oldest down, so that it is not after another one. */
    void startNotAfter(long time, byte @Nullable [] subkey) {
      if (times[0] > time || (times[0] == time && isAfter(subkeys[0], subkey))) {
        bound(0, time, subkey);
      }
    }

    private static boolean isAfter(byte @Nullable [] bound, byte @Nullable [] other) {
      return bound != null && (other == null || Arrays.compareUnsigned(bound, other) > 0);
    }
  }

  /**
   * Others take the place of chunks of which those that are here follow one another; all in one
   * step. The oldest has no later bound than the oldest that is gone: an earlier reader may look
   * for what was there in its time.
   *
   * @param gone from the newest to the oldest
   * @param below above this chunk they come if none of the others is here; 0 for the beginning
   */
  void replace(int[] gone, int goneCount, int below, Run run) {
    Leaf[] all = leaves;
    // Chunks that were not noted may have rows: an index without chunks is not used.
    boolean empty = all.length == 1 && all[0].size() == 0;
    if (empty || !locateOldest(gone, goneCount, below)) {
      return;
    }
    int first = leafAt;
    int from = placeAt;
    int last = first;
    int to = from;
    for (int i = goneCount - 1; i >= 0; i--) {
      while (to == all[last].size() && last + 1 < all.length) {
        last++;
        to = 0;
      }
      if (to < all[last].size() && all[last].chunks[to] == gone[i]) {
        run.startNotAfter(all[last].times[to], all[last].subkeys[to]);
        chunkBytes -= bytesFor(all[last].subkeys[to]);
        to++;
      }
    }
    for (byte[] subkey : run.subkeys) {
      chunkBytes += bytesFor(subkey);
    }
    Leaf added = new Leaf(run.chunks, run.times, run.subkeys);
    Leaf upper = all[last].part(to, all[last].size());
    publish(first, last, joined(joined(all[first].part(0, from), added), upper));
  }

  /** Looks where the oldest of some chunks is, or the place above another one. */
  private boolean locateOldest(int[] chunks, int count, int below) {
    for (int i = count - 1; i >= 0; i--) {
      if (locate(chunks[i])) {
        return true;
      }
    }
    if (below == 0) {
      leafAt = 0;
      placeAt = 0;
      return true;
    }
    boolean found = locate(below);
    placeAt += found ? 1 : 0;
    return found;
  }

  /** A chunk was unlinked whose rows no open reader sees. */
  void remove(int chunk) {
    if (!locate(chunk)) {
      return;
    }
    Leaf leaf = leaves[leafAt];
    int size = leaf.size();
    Leaf lower = leaf.part(0, placeAt);
    Leaf upper = leaf.part(placeAt + 1, size);
    chunkBytes -= bytesFor(leaf.subkeys[placeAt]);
    publish(joined(lower, upper));
  }

  private static Leaf joined(Leaf lower, Leaf upper) {
    int low = lower.size();
    int size = low + upper.size();
    Leaf joined =
        new Leaf(
            Arrays.copyOf(lower.chunks, size),
            Arrays.copyOf(lower.times, size),
            Arrays.copyOf(lower.subkeys, size));
    System.arraycopy(upper.chunks, 0, joined.chunks, low, size - low);
    System.arraycopy(upper.times, 0, joined.times, low, size - low);
    System.arraycopy(upper.subkeys, 0, joined.subkeys, low, size - low);
    return joined;
  }

  /** Puts a leaf in the place of the one at which a chunk was found. */
  private void publish(Leaf changed) {
    publish(leafAt, leafAt, changed);
  }

  /** Puts a leaf in the place of those from one to another, both included. */
  private void publish(int first, int last, Leaf changed) {
    Leaf[] all = leaves;
    int replaced = last - first + 1;
    Leaf[] parts;
    if (changed.size() > MAX_LEAF) {
      parts = cut(changed);
    } else if (changed.size() == 0 && all.length > replaced) {
      parts = new Leaf[0];
    } else {
      parts = new Leaf[] {changed};
    }
    Leaf[] others = new Leaf[all.length - replaced + parts.length];
    System.arraycopy(all, 0, others, 0, first);
    System.arraycopy(parts, 0, others, first, parts.length);
    System.arraycopy(all, last + 1, others, first + parts.length, all.length - last - 1);
    leaves = others;
  }

  /** Looks where a chunk is: where the last one was or just before it, at the end, or anywhere. */
  private boolean locate(int chunk) {
    if (isAt(chunk) || isNewest(chunk)) {
      return true;
    }
    int near = Math.min(leafAt, leaves.length - 1);
    for (int leaf = near; leaf >= Math.max(0, near - 1); leaf--) {
      if (isIn(leaf, chunk)) {
        return true;
      }
    }
    for (int leaf = leaves.length - 1; leaf >= 0; leaf--) {
      if (isIn(leaf, chunk)) {
        return true;
      }
    }
    return false;
  }

  private boolean isIn(int leaf, int chunk) {
    int[] chunks = leaves[leaf].chunks;
    for (int i = chunks.length - 1; i >= 0; i--) {
      if (chunks[i] == chunk) {
        leafAt = leaf;
        placeAt = i;
        return true;
      }
    }
    return false;
  }

  /** Number of chunks. */
  int size() {
    int size = 0;
    for (Leaf leaf : leaves) {
      size += leaf.size();
    }
    return size;
  }
}
