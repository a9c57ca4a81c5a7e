package io.timelog.internal.memtable;

import io.timelog.internal.memory.MemoryAccount;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Maps the hash of a key to the reference of its node: extendible hashing over small open-addressed
 * tables of slots.
 *
 * <p>The high bits of the hash choose a table through the directory, the low bits a place in it,
 * and collisions go to the next place. A table that gets too full grows by half; one that has
 * reached {@value #SPLIT_SLOTS} slots is split in two by one more bit. So no insertion ever moves
 * more than one small table, however many keys there are: growth does not stall the writer. (Fagin
 * and others, "Extendible Hashing", ACM TODS 4(3), 1979.)
 *
 * <p>A slot is {@code hash << 32 | reference}, 0 when free. The slot of a key that was removed
 * stays taken, so that searches go on behind it, until another key gets it or its table is made
 * anew. Slots live on the heap, in arrays too small to be humongous objects, so that a table that
 * was replaced is collected when its last reader is gone; they are counted against the memory
 * budget.
 *
 * <p>One thread inserts; others may look up at the same time and see every key that was inserted
 * before their view was taken.
 */
final class KeyTable {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int INITIAL_SLOTS = 16;
  private static final int SPLIT_SLOTS = 6144;
  private static final int MAX_DEPTH = 10;
  private static final int PLACE_BITS = Integer.SIZE - MAX_DEPTH;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;
  private static final int ARRAY_HEADER_BYTES = 16;

  /** A slot whose key is gone. No node has this reference. */
  private static final long REMOVED = 1;

  private static final long[] NO_SLOTS = {};

  /** A reference to a table, its length, its size and its depth. */
  private static final int DIRECTORY_ENTRY_BYTES = Long.BYTES + 2 * Integer.BYTES + Byte.BYTES;

  /** The tables, how many bits of the hash choose one, and what the writer knows of each. */
  private static final class Directory {
    private final long[][] tables;

    /** Here, too, so that the place of a slot is known before a line of its table is loaded. */
    private final int[] lengths;

    /** Slots that are taken, those of removed keys included. */
    private final int[] sizes;

    private final byte[] depths;
    private final int depth;

    Directory(long[][] tables, int[] lengths, int[] sizes, byte[] depths, int depth) {
      this.tables = tables;
      this.lengths = lengths;
      this.sizes = sizes;
      this.depths = depths;
      this.depth = depth;
    }

    int index(int hash) {
      // In two shifts because a shift by 32 would be a shift by 0.
      return hash >>> 1 >>> (Integer.SIZE - 1 - depth);
    }

    /** A table less deep than the directory stands in this many entries of it, side by side. */
    int aliases(int index) {
      return 1 << (depth - depths[index]);
    }
  }

  private final MemoryAccount pool;
  private volatile Directory directory;
  private long reservedBytes;
  private int size;

  /** A table that expects {@code expectedKeys} keys. */
  KeyTable(MemoryAccount pool, int expectedKeys) {
    this.pool = pool;
    int depth = initialDepth(expectedKeys);
    int tables = 1 << depth;
    int slots = initialSlots(expectedKeys, depth);
    long bytes = bytesForNew(expectedKeys);
    pool.reserveHeap(bytes);
    reservedBytes = bytes;
    long[][] all = new long[tables][];
    for (int i = 0; i < tables; i++) {
      all[i] = new long[slots];
    }
    int[] lengths = new int[tables];
    Arrays.fill(lengths, slots);
    byte[] depths = new byte[tables];
    Arrays.fill(depths, (byte) depth);
    directory = new Directory(all, lengths, new int[tables], depths, depth);
  }

  /** What a table that expects so many keys is counted with at first. */
  static long bytesForNew(int expectedKeys) {
    int depth = initialDepth(expectedKeys);
    return (tableBytes(initialSlots(expectedKeys, depth)) + DIRECTORY_ENTRY_BYTES) << depth;
  }

  private static int initialDepth(int expectedKeys) {
    int depth = 0;
    while (depth < MAX_DEPTH && slotsFor(expectedKeys >>> depth) > SPLIT_SLOTS * 3 / 4) {
      depth++;
    }
    return depth;
  }

  private static int initialSlots(int expectedKeys, int depth) {
    return Math.max(INITIAL_SLOTS, slotsFor(expectedKeys >>> depth));
  }

  /** At most what {@link #makeRoom} adds for one more key of this hash. */
  long bytesForOneMore(int hash) {
    Directory current = directory;
    int index = current.index(hash);
    long[] slots = current.tables[index];
    if (hasRoom(current, index)) {
      return 0;
    }
    int keys = keysIn(slots);
    if (keys < slots.length / 2) {
      return 0;
    }
    if (isOnlyEnlarged(current, index)) {
      return (long) slots.length / 2 * Long.BYTES;
    }
    long more = Math.max(0, keys + keys / 2 + keys / 4 + 2L * INITIAL_SLOTS - slots.length);
    boolean doubles = current.depths[index] == current.depth;
    return ARRAY_HEADER_BYTES
        + more * Long.BYTES
        + (doubles ? (long) current.tables.length * DIRECTORY_ENTRY_BYTES : 0);
  }

  /** Room for the keys at three quarters of the slots, plus what a hash strays from the mean. */
  private static int slotsFor(int keys) {
    return keys + keys / 3 + keys / 32;
  }

  private static long tableBytes(int slots) {
    return ARRAY_HEADER_BYTES + (long) slots * Long.BYTES;
  }

  /**
   * Loads the slot where the search for a hash starts, and returns it. Nothing here depends on what
   * was loaded, so that the loads of several tables go on at the same time: a branch that was
   * guessed wrong would throw away those behind it.
   */
  long touch(int hash) {
    Directory current = directory;
    int index = current.index(hash);
    return slot(current.tables[index], place(hash, current.lengths[index]));
  }

  /** The reference of the first node whose key has the hash; 0 if there is none. */
  int first(int hash) {
    Directory current = directory;
    int index = current.index(hash);
    long[] slots = current.tables[index];
    return referenceOf(seek(slots, hash, place(hash, current.lengths[index])));
  }

  /** The reference of the next node after another, whose keys both have the hash; 0 if none. */
  int next(int hash, int reference) {
    Directory current = directory;
    int index = current.index(hash);
    long[] slots = current.tables[index];
    int place = place(hash, slots.length);
    while (referenceOf(slot(slots, place)) != reference) {
      place = following(slots, place);
    }
    return referenceOf(seek(slots, hash, following(slots, place)));
  }

  /** Whether at least {@code many} keys have the hash. */
  boolean hasMany(int hash, int many) {
    Directory current = directory;
    int index = current.index(hash);
    long[] slots = current.tables[index];
    int found = 0;
    for (int place = place(hash, slots.length); slots[place] != 0; ) {
      found += hashOf(slots[place]) == hash && slots[place] != REMOVED ? 1 : 0;
      if (found == many) {
        return true;
      }
      place = following(slots, place);
    }
    return false;
  }

  /** The first slot of a hash from a place on, or the free one that ends the search. */
  private static long seek(long[] slots, int hash, int from) {
    int place = from;
    long slot = slot(slots, place);
    while (slot != 0 && (hashOf(slot) != hash || slot == REMOVED)) {
      place = following(slots, place);
      slot = slot(slots, place);
    }
    return slot;
  }

  private static int following(long[] slots, int place) {
    return place + 1 == slots.length ? 0 : place + 1;
  }

  /** Where the search for a hash starts. */
  private static int place(int hash, int slots) {
    return (int) (((long) (hash & PLACE_MASK) * slots) >>> PLACE_BITS);
  }

  private static long slot(long[] slots, int place) {
    return (long) SLOT.getAcquire(slots, place);
  }

  private static int hashOf(long slot) {
    return (int) (slot >>> Integer.SIZE);
  }

  private static int referenceOf(long slot) {
    return (int) slot;
  }

  /**
   * Makes room for one more key of this hash, so that {@link #insert} cannot fail.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is none; nothing changed
   */
  void makeRoom(int hash) {
    Directory current = directory;
    int index = current.index(hash);
    long[] slots = current.tables[index];
    if (hasRoom(current, index)) {
      return;
    }
    int keys = keysIn(slots);
    if (keys < slots.length / 2) {
      makeAnew(current, index, keys, slots.length);
    } else if (isOnlyEnlarged(current, index)) {
      makeAnew(current, index, keys, slots.length + slots.length / 2);
    } else {
      split(current, index);
    }
  }

  private static boolean hasRoom(Directory current, int index) {
    int slots = current.lengths[index];
    return current.sizes[index] + 1 <= slots - slots * 3 / 16;
  }

  /** Whether a full table is replaced by a larger one, and not split. */
  private static boolean isOnlyEnlarged(Directory current, int index) {
    return current.lengths[index] < SPLIT_SLOTS || current.depths[index] == MAX_DEPTH;
  }

  private static int keysIn(long[] slots) {
    int keys = 0;
    for (long slot : slots) {
      keys += isKey(slot) ? 1 : 0;
    }
    return keys;
  }

  private static boolean isKey(long slot) {
    return slot != 0 && slot != REMOVED;
  }

  /** Adds the node of a key that is not in the table. */
  void insert(int hash, int reference) {
    Directory current = directory;
    int index = current.index(hash);
    if (place(current.tables[index], ((long) hash << Integer.SIZE) | (reference & 0xFFFFFFFFL))) {
      setSize(current, index, current.sizes[index] + 1);
    }
    size++;
  }

  private static void setSize(Directory current, int index, int size) {
    int aliases = current.aliases(index);
    int first = index & -aliases;
    Arrays.fill(current.sizes, first, first + aliases, size);
  }

  /** Fills a slot; returns whether none that was taken before could be used. */
  private static boolean place(long[] slots, long slot) {
    int place = place(hashOf(slot), slots.length);
    while (isKey(slots[place])) {
      place = following(slots, place);
    }
    boolean free = slots[place] == 0;
    SLOT.setRelease(slots, place, slot);
    return free;
  }

  /** Puts the keys of a small table into a new one. */
  private void makeAnew(Directory current, int index, int keys, int slots) {
    long[] old = current.tables[index];
    reserve(tableBytes(slots) - tableBytes(old.length));
    long[] other = new long[slots];
    for (long slot : old) {
      if (isKey(slot)) {
        place(other, slot);
      }
    }
    long[][] tables = current.tables.clone();
    int aliases = current.aliases(index);
    int first = index & -aliases;
    int[] lengths = current.lengths.clone();
    Arrays.fill(tables, first, first + aliases, other);
    Arrays.fill(lengths, first, first + aliases, slots);
    setSize(current, index, keys);
    directory = new Directory(tables, lengths, current.sizes, current.depths, current.depth);
  }

  private void split(Directory current, int index) {
    boolean doubles = current.depths[index] == current.depth;
    Directory wide = doubles ? doubled(current) : current;
    int wideIndex = doubles ? index * 2 : index;
    int aliases = wide.aliases(wideIndex);
    int first = wideIndex & -aliases;
    long[] old = wide.tables[first];
    int bit = 1 << (Integer.SIZE - 1 - wide.depths[first]);
    int lowerSize = 0;
    int upperSize = 0;
    for (long slot : old) {
      if (isKey(slot)) {
        lowerSize += (hashOf(slot) & bit) == 0 ? 1 : 0;
        upperSize += (hashOf(slot) & bit) == 0 ? 0 : 1;
      }
    }
    int lowerSlots = Math.max(INITIAL_SLOTS, lowerSize + lowerSize / 2 + lowerSize / 4);
    int upperSlots = Math.max(INITIAL_SLOTS, upperSize + upperSize / 2 + upperSize / 4);
    reserve(
        tableBytes(lowerSlots)
            + tableBytes(upperSlots)
            - tableBytes(old.length)
            + (doubles ? (long) current.tables.length * DIRECTORY_ENTRY_BYTES : 0));
    long[] lower = new long[lowerSlots];
    long[] upper = new long[upperSlots];
    for (long slot : old) {
      if (isKey(slot)) {
        place((hashOf(slot) & bit) == 0 ? lower : upper, slot);
      }
    }
    long[][] tables = wide.tables.clone();
    int[] lengths = wide.lengths.clone();
    int[] sizes = wide.sizes.clone();
    byte[] depths = wide.depths.clone();
    for (int i = first; i < first + aliases; i++) {
      boolean low = i < first + aliases / 2;
      tables[i] = low ? lower : upper;
      lengths[i] = low ? lowerSlots : upperSlots;
      sizes[i] = low ? lowerSize : upperSize;
      depths[i]++;
    }
    directory = new Directory(tables, lengths, sizes, depths, wide.depth);
  }

  private static Directory doubled(Directory current) {
    int length = current.tables.length;
    long[][] tables = new long[length * 2][];
    int[] lengths = new int[length * 2];
    int[] sizes = new int[length * 2];
    byte[] depths = new byte[length * 2];
    for (int i = 0; i < length * 2; i++) {
      tables[i] = current.tables[i / 2];
      lengths[i] = current.lengths[i / 2];
      sizes[i] = current.sizes[i / 2];
      depths[i] = current.depths[i / 2];
    }
    return new Directory(tables, lengths, sizes, depths, current.depth + 1);
  }

  private void reserve(long bytes) {
    if (bytes >= 0) {
      pool.reserveHeap(bytes);
    } else {
      pool.releaseHeap(-bytes);
    }
    reservedBytes += bytes;
  }

  /** Number of keys. */
  int size() {
    return size;
  }

  /** Bytes counted against the budget. */
  long bytes() {
    return reservedBytes;
  }

  /** The references of all nodes, in no order. */
  int[] references() {
    return references(0, 0, 0);
  }

  /**
   * The references of the nodes whose hashes have one of some numbers in some bits, in no order.
   *
   * @param mask the bits, the lowest ones
   * @param first the first of the numbers, which go on at 0 behind the largest
   * @param more how many numbers there are beside the first
   */
  int[] references(int mask, int first, int more) {
    Directory current = directory;
    int[] references = new int[Math.max(16, mask == 0 ? size : 0)];
    int count = 0;
    long @org.jspecify.annotations.Nullable [] before = null;
    for (long[] slots : current.tables) {
      if (slots == before) {
        continue;
      }
      before = slots;
      for (int place = 0; place < slots.length; place++) {
        long slot = slot(slots, place);
        if (isKey(slot) && ((hashOf(slot) - first) & mask) <= more) {
          if (count == references.length) {
            references = Arrays.copyOf(references, count * 2);
          }
          references[count++] = referenceOf(slot);
        }
      }
    }
    return Arrays.copyOf(references, count);
  }

  /** A walk over all keys, to move their nodes or to remove them. */
  Walk walk() {
    return new Walk();
  }

  /**
   * Goes over the keys, some at a time; between two times keys may be added. Those that were there
   * at the beginning are all met. For the writer.
   */
  final class Walk {
    /** The small tables of smaller hashes, as unsigned numbers, are done. */
    private long hash;

    private long[] slots = NO_SLOTS;
    private int place;

    /** Moves on to the next key, false at the end. */
    boolean advance() {
      while (hash >>> Integer.SIZE == 0) {
        Directory current = directory;
        int index = current.index((int) hash);
        if (current.tables[index] != slots) {
          // Another one at first, or because it was made anew meanwhile.
          slots = current.tables[index];
          place = -1;
        }
        while (++place < slots.length) {
          if (isKey(slots[place])) {
            return true;
          }
        }
        shrink(current, index);
        hash += 1L << (Integer.SIZE - current.depths[index]);
      }
      return false;
    }

    /** Has {@link #advance} come to this key once more. */
    void repeat() {
      place--;
    }

    int node() {
      return referenceOf(slots[place]);
    }

    /** The node of the key is another one from now on. */
    void move(int node) {
      SLOT.setRelease(slots, place, (slots[place] & -1L << Integer.SIZE) | (node & 0xFFFFFFFFL));
    }

    /** Takes the key out of the table. */
    void remove() {
      SLOT.setRelease(slots, place, REMOVED);
      size--;
    }

    private void shrink(Directory current, int index) {
      int keys = keysIn(slots);
      int wanted = Math.max(INITIAL_SLOTS, keys + keys / 2 + keys / 4);
      if (wanted < slots.length && (keys < slots.length / 4 || keys < current.sizes[index] / 2)) {
        makeAnew(current, index, keys, wanted);
      }
      slots = NO_SLOTS;
    }
  }

  /** Gives the counted bytes back. */
  void close() {
    pool.releaseHeap(reservedBytes);
    reservedBytes = 0;
    directory =
        new Directory(
            new long[][] {new long[INITIAL_SLOTS]},
            new int[] {INITIAL_SLOTS},
            new int[1],
            new byte[1],
            0);
    size = 0;
  }
}
