package io.timelog.internal.memtable;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.MemoryAccount;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Maps the hash of a key to the reference of its node: extendible hashing over small open-addressed
 * {@linkplain SlotTable tables of slots}.
 *
 * <p>The high bits of the hash choose a table through the directory, the low bits a place in it. A
 * table that gets too full grows by half; one that has reached {@value #SPLIT_SLOTS} slots is split
 * in two by one more bit. So no insertion ever moves more than one small table, however many keys
 * there are: growth does not stall the writer. (Fagin and others, "Extendible Hashing", ACM TODS
 * 4(3), 1979.)
 *
 * <p>Slots lie in the arena of the window, in blocks that are shared with others; a table that was
 * replaced is retired as a chunk is. The directory is on the heap, a few bytes for thousands of
 * keys, and counted against the memory budget.
 *
 * <p>One thread inserts; others may look up at the same time and see every key that was inserted
 * before their view was taken.
 */
final class KeyTable {
  /** The most bits of a hash that choose a table. */
  static final int MAX_DEPTH = 11;

  private static final int INITIAL_SLOTS = 16;

  private static final int SPLIT_SLOTS = 4096;

  /** An entry of the directory: two references and what is told beside. */
  private static final int ENTRY_HEAP_BYTES = 3 * Long.BYTES;

  /**
   * The tables, and how many bits of the hash choose one.
   *
   * <p>Where a table lies stands here, too, close together: there are as many tables as lines of a
   * first-level cache, and a search that has to load the object of its table first loads one more.
   */
  private static final class Directory {
    private final SlotTable[] tables;
    private final ByteBuffer[] buffers;

    /** Where a table starts in its buffer, in the upper half, and the number of its slots. */
    private final long[] extents;

    private final int depth;

    Directory(SlotTable[] tables, int depth) {
      this.tables = tables;
      this.depth = depth;
      this.buffers = new ByteBuffer[tables.length];
      this.extents = new long[tables.length];
      for (int i = 0; i < tables.length; i++) {
        buffers[i] = tables[i].buffer();
        extents[i] = ((long) tables[i].start() << Integer.SIZE) | tables[i].slots();
      }
    }

    long touch(int hash) {
      int index = index(hash);
      return SlotTable.touch(buffers[index], start(index), slots(index), hash);
    }

    int first(int hash) {
      int index = index(hash);
      return SlotTable.first(buffers[index], start(index), slots(index), hash);
    }

    private int start(int index) {
      return (int) (extents[index] >>> Integer.SIZE);
    }

    private int slots(int index) {
      return (int) extents[index];
    }

    int index(int hash) {
      // In two shifts because a shift by 32 would be a shift by 0.
      return hash >>> 1 >>> (Integer.SIZE - 1 - depth);
    }

    SlotTable table(int hash) {
      return tables[index(hash)];
    }

    /** A table less deep than the directory stands in this many entries of it, side by side. */
    int aliases(SlotTable table) {
      return 1 << (depth - table.depth());
    }

    /** A table that stands in one entry only gets a second one when it is split. */
    private boolean isTooNarrowToSplit(SlotTable table) {
      return table.depth() == depth;
    }

    /** Bytes by which {@link #widenedFor} makes the directory larger. */
    long bytesToWiden(SlotTable table) {
      return isTooNarrowToSplit(table) ? (long) tables.length * ENTRY_HEAP_BYTES : 0;
    }

    /** This directory, or one of twice the entries, in which the table can be split. */
    Directory widenedFor(SlotTable table) {
      if (!isTooNarrowToSplit(table)) {
        return this;
      }
      SlotTable[] wide = new SlotTable[tables.length * 2];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = tables[i / 2];
      }
      return new Directory(wide, depth + 1);
    }

    /** With two tables in the place of one, each in half of its entries. */
    Directory with(int hash, SlotTable lower, SlotTable upper) {
      int index = index(hash);
      int aliases = aliases(tables[index]);
      int first = index & -aliases;
      SlotTable[] changed = tables.clone();
      Arrays.fill(changed, first, first + aliases / 2, lower);
      Arrays.fill(changed, first + aliases / 2, first + aliases, upper);
      return new Directory(changed, depth);
    }

    /** With one table in the place of another. */
    Directory with(int hash, SlotTable other) {
      return with(hash, other, other);
    }
  }

  private final Arena arena;
  private final Reclamation readers;
  private final MemoryAccount pool;
  private volatile Directory directory;
  private long reservedBytes;
  private int size;

  private final Recent recent = new Recent();

  /**
   * For the writer: the node that it found last, and the hash of its key. Apart from what readers
   * look at, because it changes with nearly every write where keys do.
   */
  private static final class Recent {
    private int node;
    private int hash;
  }

  /**
   * A table that expects {@code expectedKeys} keys.
   *
   * @throws MemoryBudgetExceededException if there is no room; the arena may have blocks that are
   *     lost until it is closed
   */
  KeyTable(Arena arena, Reclamation readers, MemoryAccount pool, int expectedKeys) {
    this.arena = arena;
    this.readers = readers;
    this.pool = pool;
    int depth = initialDepth(expectedKeys);
    SlotTable[] tables = new SlotTable[1 << depth];
    int slots = initialSlots(expectedKeys, depth);
    for (int i = 0; i < tables.length; i++) {
      tables[i] = new SlotTable(arena, slots, depth);
    }
    reserve((long) (SlotTable.HEAP_BYTES + ENTRY_HEAP_BYTES) << depth);
    directory = new Directory(tables, depth);
  }

  /** What a table that expects so many keys takes of shared slabs. */
  static long sharedBytesForNew(int expectedKeys) {
    int depth = initialDepth(expectedKeys);
    return SlotTable.sharedBytes(initialSlots(expectedKeys, depth)) << depth;
  }

  /** What a table that expects so many keys asks the budget for beside shared slabs. */
  static long ownBytesForNew(int expectedKeys) {
    int depth = initialDepth(expectedKeys);
    return (SlotTable.ownBytes(initialSlots(expectedKeys, depth)) + ENTRY_HEAP_BYTES) << depth;
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

  /** Room for the keys at three quarters of the slots, plus what a hash strays from the mean. */
  private static int slotsFor(int keys) {
    return keys + keys / 3 + keys / 32;
  }

  /** Room for the keys at four sevenths of the slots. */
  private static int roomySlotsFor(int keys) {
    return Math.max(INITIAL_SLOTS, keys + keys / 2 + keys / 4);
  }

  /**
   * Loads the slot where the search for a hash starts, and returns it. Nothing here depends on what
   * was loaded, so that the loads of several tables go on at the same time: a branch that was
   * guessed wrong would throw away those behind it.
   */
  long touch(int hash) {
    return directory.touch(hash);
  }

  /** The reference of the first node whose key has the hash; 0 if there is none. */
  int first(int hash) {
    return directory.first(hash);
  }

  /** The reference of the next node after another, whose keys both have the hash; 0 if none. */
  int next(int hash, int reference) {
    return directory.table(hash).next(hash, reference);
  }

  /**
   * For the writer: the node that was {@linkplain #noteRecent noted} last if its key has the hash;
   * 0 else.
   */
  int recent(int hash) {
    return hash == recent.hash ? recent.node : 0;
  }

  /** Notes the node that the writer found, as it will often look for the same key next. */
  void noteRecent(int hash, int reference) {
    recent.hash = hash;
    recent.node = reference;
  }

  /** Whether at least {@code many} keys have the hash. */
  boolean hasMany(int hash, int many) {
    return directory.table(hash).hasMany(hash, many);
  }

  /** At most what {@link #makeRoom} takes of shared slabs for one more key of this hash. */
  long sharedBytesForOneMore(int hash) {
    return sum(SlotTable::sharedBytes, hash);
  }

  /** At most what {@link #makeRoom} asks the budget for beside shared slabs. */
  long ownBytesForOneMore(int hash) {
    Directory current = directory;
    SlotTable table = current.table(hash);
    long toWiden = remedyFor(table) == Remedy.SPLIT ? current.bytesToWiden(table) : 0;
    return sum(SlotTable::ownBytes, hash) + toWiden;
  }

  /** What the tables take, in some way, that one more key of a hash makes necessary. */
  private long sum(IntToLongFunction bytesForSlots, int hash) {
    SlotTable table = directory.table(hash);
    return switch (remedyFor(table)) {
      case NONE, FILL_ANEW -> 0;
      case MAKE_ANEW -> bytesForSlots.applyAsLong(table.slots());
      case ENLARGE -> bytesForSlots.applyAsLong(enlarged(table));
      case SPLIT -> {
        int uppers = table.keysWith(splitBit(table));
        yield bytesForSlots.applyAsLong(roomySlotsFor(table.keys() - uppers))
            + bytesForSlots.applyAsLong(roomySlotsFor(uppers));
      }
    };
  }

  /** How a small table gets room for one more key. */
  private enum Remedy {
    /** It has room. */
    NONE,
    /** Slots of keys that are gone are freed where they are. */
    FILL_ANEW,
    /** The same in another table, because readers may be in this one. */
    MAKE_ANEW,
    /** A larger table takes its place. */
    ENLARGE,
    /** Two tables take its place. */
    SPLIT
  }

  private Remedy remedyFor(SlotTable table) {
    if (table.hasRoom()) {
      return Remedy.NONE;
    }
    if (table.keys() < table.slots() / 2) {
      return readers.hasReaders() ? Remedy.MAKE_ANEW : Remedy.FILL_ANEW;
    }
    return table.slots() < SPLIT_SLOTS || table.depth() == MAX_DEPTH
        ? Remedy.ENLARGE
        : Remedy.SPLIT;
  }

  /** The bit of a hash that says into which half of a table it goes. */
  private static int splitBit(SlotTable table) {
    return 1 << (Integer.SIZE - 1 - table.depth());
  }

  private static int enlarged(SlotTable table) {
    int slots = table.slots() + table.slots() / 2;
    return table.slots() < SPLIT_SLOTS ? Math.min(slots, SPLIT_SLOTS) : slots;
  }

  /**
   * Makes room for one more key of this hash, so that {@link #insert} cannot fail.
   *
   * @throws MemoryBudgetExceededException if there is none; nothing changed
   */
  void makeRoom(int hash) {
    Directory current = directory;
    SlotTable table = current.table(hash);
    switch (remedyFor(table)) {
      case NONE -> {}
      case FILL_ANEW -> table.fillAnew();
      case MAKE_ANEW -> makeAnew(current, hash, table.slots());
      case ENLARGE -> makeAnew(current, hash, enlarged(table));
      case SPLIT -> split(current, hash);
    }
  }

  /** Adds the node of a key that is not in the table. */
  void insert(int hash, int reference) {
    directory.table(hash).insert(hash, reference);
    size++;
  }

  /** Puts the keys of a small table into a new one. */
  private void makeAnew(Directory current, int hash, int slots) {
    SlotTable old = current.table(hash);
    SlotTable other = new SlotTable(arena, slots, old.depth());
    other.insertAll(old, 0, 0);
    directory = current.with(hash, other);
    readers.retire(old.block(), old.bytes());
  }

  private void split(Directory current, int hash) {
    SlotTable old = current.table(hash);
    int bit = splitBit(old);
    int uppers = old.keysWith(bit);
    int lowers = old.keys() - uppers;
    int depth = old.depth() + 1;
    long heapBytes = SlotTable.HEAP_BYTES + current.bytesToWiden(old);
    reserve(heapBytes);
    SlotTable lower = null;
    SlotTable upper;
    try {
      lower = new SlotTable(arena, roomySlotsFor(lowers), depth);
      upper = new SlotTable(arena, roomySlotsFor(uppers), depth);
    } catch (MemoryBudgetExceededException noRoom) {
      free(lower);
      reserve(-heapBytes);
      throw noRoom;
    }
    lower.insertAll(old, bit, 0);
    upper.insertAll(old, bit, bit);
    directory = current.widenedFor(old).with(hash, lower, upper);
    readers.retire(old.block(), old.bytes());
  }

  private void free(@Nullable SlotTable table) {
    if (table != null) {
      arena.free(table.block(), table.bytes());
    }
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

  /** Bytes counted against the budget beside those of the arena. */
  long heapBytes() {
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
    int[] references = new int[Math.max(16, mask == 0 ? size : 0)];
    int count = 0;
    SlotTable before = null;
    for (SlotTable table : directory.tables) {
      if (table == before) {
        continue;
      }
      before = table;
      if (count + table.slots() > references.length) {
        references = Arrays.copyOf(references, Math.max(count * 2, count + table.slots()));
      }
      count = table.references(mask, first, more, references, count);
    }
    return Arrays.copyOf(references, count);
  }

  /** A walk over all keys, to move their nodes or to remove them. */
  Walk walk() {
    return new Walk();
  }

  /**
   * Goes over the keys, some at a time; between two times keys may be added. Those that were there
   * at the beginning are all met. Small tables are moved out of slabs that are closed, and made
   * smaller if much of them is free, as far as there is room. For the writer.
   */
  final class Walk {
    /** The small tables of smaller hashes, as unsigned numbers, are done. */
    private long hash;

    private @Nullable SlotTable table;
    private int place;

    /** Moves on to the next key, false at the end. */
    boolean advance() {
      while (hash >>> Integer.SIZE == 0) {
        SlotTable current = directory.table((int) hash);
        if (current != table) {
          // Another one at first, or because it was made anew meanwhile.
          current = moved(current);
          table = current;
          place = -1;
        }
        place = current.nextKey(place + 1);
        if (place < current.slots()) {
          return true;
        }
        shrink(current);
        table = null;
        hash += 1L << (Integer.SIZE - current.depth());
      }
      return false;
    }

    /** The table itself, or another one with its keys that is not in a closed slab. */
    private SlotTable moved(SlotTable current) {
      if (arena.isToBeMoved(current.block())) {
        tryToMakeAnew(current.slots());
      }
      return directory.table((int) hash);
    }

    private void tryToMakeAnew(int slots) {
      try {
        makeAnew(directory, (int) hash, slots);
      } catch (MemoryBudgetExceededException stays) {
        // It is as good where it is, only not as small.
      }
    }

    /** Has {@link #advance} come to this key once more. */
    void repeat() {
      place--;
    }

    int node() {
      return table().node(place);
    }

    private SlotTable table() {
      return Objects.requireNonNull(table);
    }

    /** The node of the key is another one from now on. */
    void move(int node) {
      table().setNode(place, node);
      recent.node = 0;
    }

    /** Takes the key out of the table. */
    void remove() {
      table().remove(place);
      recent.node = 0;
      size--;
    }

    private void shrink(SlotTable current) {
      int keys = current.keys();
      int wanted = roomySlotsFor(keys);
      if (wanted < current.slots() && (keys < current.slots() / 4 || keys < current.taken() / 2)) {
        tryToMakeAnew(wanted);
      }
    }
  }

  /**
   * Gives the counted bytes back; those of blocks go with the arena. No key is found afterwards.
   */
  void close() {
    pool.releaseHeap(reservedBytes);
    reservedBytes = 0;
    directory = new Directory(new SlotTable[0], 0);
    size = 0;
  }
}
