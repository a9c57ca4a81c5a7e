package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A small open-addressed table of slots, in one block of the arena of a window: a part of a {@link
 * KeyTable}. Collisions go to the next place.
 *
 * <p>A slot is eight bytes, {@code hash << 32 | reference}, 0 when free. The slot of a key that was
 * removed stays taken if the next one is, so that searches go on behind it, until another key gets
 * it, what follows is free or the table is filled anew.
 *
 * <p>One thread writes, others may read at the same time.
 */
final class SlotTable {
  /** Bits of a hash from which the place of a slot is computed; the others choose a table. */
  private static final int PLACE_BITS = Integer.SIZE - KeyTable.MAX_DEPTH;

  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;

  /** What is counted of the heap for one table: its object. */
  static final int HEAP_BYTES = 48;

  /**
   * A larger table has a slab of its own: its memory is that of others again as soon as it is
   * replaced, and what it takes is known exactly.
   */
  private static final int MAX_SHARED_BYTES = 4 << 10;

  /** A slot whose key is gone. No node has this reference. */
  private static final long REMOVED = 1;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final ByteBuffer buffer;
  private final int start;
  private final int slots;
  private final int block;
  private final int depth;

  /** Slots that are taken, those of removed keys included. */
  private int taken;

  private int keys;

  /**
   * A table whose slots are free.
   *
   * @param leastSlots it has so many slots, or a few more
   * @param depth so many high bits do all of its hashes have in common
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; nothing changed
   */
  SlotTable(Arena arena, int leastSlots, int depth) {
    int leastBytes = leastSlots * Long.BYTES;
    this.block =
        isShared(leastSlots) ? arena.allocate(leastBytes) : arena.allocateOwnSlab(leastBytes);
    this.buffer = arena.buffer(block);
    this.start = Arena.offset(block);
    this.slots = blockBytes(leastSlots) / Long.BYTES;
    this.depth = depth;
    clear();
  }

  private void clear() {
    for (int place = 0; place < slots; place++) {
      buffer.putLong(at(place), 0);
    }
    taken = 0;
    keys = 0;
  }

  private static boolean isShared(int leastSlots) {
    return leastSlots * Long.BYTES <= MAX_SHARED_BYTES;
  }

  private static int blockBytes(int leastSlots) {
    int leastBytes = leastSlots * Long.BYTES;
    return isShared(leastSlots) ? Arena.blockBytes(leastBytes) : Arena.ownBlockBytes(leastBytes);
  }

  /** What a table takes of shared slabs that has at least so many slots. */
  static long sharedBytes(int leastSlots) {
    return isShared(leastSlots) ? blockBytes(leastSlots) : 0;
  }

  /** What a table asks the budget for beside shared slabs that has at least so many slots. */
  static long ownBytes(int leastSlots) {
    return (long) HEAP_BYTES
        + (isShared(leastSlots) ? 0 : Arena.ownSlabBytes(leastSlots * Long.BYTES));
  }

  /** The buffer in which the slots lie. */
  ByteBuffer buffer() {
    return buffer;
  }

  /** The place of the first slot in the buffer. */
  int start() {
    return start;
  }

  /** The block in the arena. */
  int block() {
    return block;
  }

  /** Bytes of the block. */
  int bytes() {
    return slots * Long.BYTES;
  }

  /** Number of slots. */
  int slots() {
    return slots;
  }

  /** How many high bits all hashes in this table have in common. */
  int depth() {
    return depth;
  }

  /** Where the search for a hash starts. */
  private int home(int hash) {
    return home(hash, slots);
  }

  private static int home(int hash, int slots) {
    return (int) (((long) (hash & PLACE_MASK) * slots) >>> PLACE_BITS);
  }

  private int following(int place) {
    return following(place, slots);
  }

  private static int following(int place, int slots) {
    return place + 1 == slots ? 0 : place + 1;
  }

  private int at(int place) {
    return start + place * Long.BYTES;
  }

  private long slot(int place) {
    return slot(buffer, start, place);
  }

  private static long slot(ByteBuffer buffer, int start, int place) {
    return (long) LONG.getAcquire(buffer, start + place * Long.BYTES);
  }

  private void setSlot(int place, long slot) {
    LONG.setRelease(buffer, at(place), slot);
  }

  private static int hashOf(long slot) {
    return (int) (slot >>> Integer.SIZE);
  }

  private static int referenceOf(long slot) {
    return (int) slot;
  }

  private static boolean isKey(long slot) {
    return slot != 0 && slot != REMOVED;
  }

  /** As {@link KeyTable#touch}, in the table that starts at a place of a buffer. */
  static long touch(ByteBuffer buffer, int start, int slots, int hash) {
    return slot(buffer, start, home(hash, slots));
  }

  /** As {@link KeyTable#first}, in the table that starts at a place of a buffer. */
  static int first(ByteBuffer buffer, int start, int slots, int hash) {
    return seek(buffer, start, slots, hash, home(hash, slots));
  }

  /** The reference of the next node after another, whose keys both have the hash; 0 if none. */
  int next(int hash, int reference) {
    int place = home(hash);
    while (referenceOf(slot(place)) != reference) {
      place = following(place);
    }
    return seek(buffer, start, slots, hash, following(place));
  }

  private static int seek(ByteBuffer buffer, int start, int slots, int hash, int from) {
    int place = from;
    long slot = slot(buffer, start, place);
    while (slot != 0 && (hashOf(slot) != hash || slot == REMOVED)) {
      place = following(place, slots);
      slot = slot(buffer, start, place);
    }
    return referenceOf(slot);
  }

  /** Whether at least {@code many} keys have the hash. */
  boolean hasMany(int hash, int many) {
    int found = 0;
    int place = home(hash);
    for (long slot = slot(place); slot != 0; slot = slot(place)) {
      found += hashOf(slot) == hash && slot != REMOVED ? 1 : 0;
      if (found == many) {
        return true;
      }
      place = following(place);
    }
    return false;
  }

  /** Whether one more key leaves enough slots free, so that searches end soon. */
  boolean hasRoom() {
    return taken + 1 <= slots - slots * 3 / 16;
  }

  /** Slots that are taken, those of removed keys included. */
  int taken() {
    return taken;
  }

  /** Number of keys. */
  int keys() {
    return keys;
  }

  /** Number of keys that have a bit set in their hashes. Linear in the number of slots. */
  int keysWith(int bit) {
    int found = 0;
    for (int place = 0; place < slots; place++) {
      long slot = slot(place);
      found += isKey(slot) && (hashOf(slot) & bit) != 0 ? 1 : 0;
    }
    return found;
  }

  /** Adds the node of a key that is not here. There must be a slot that stays free. */
  void insert(int hash, int reference) {
    insert(((long) hash << Integer.SIZE) | (reference & 0xFFFFFFFFL));
  }

  private void insert(long added) {
    int place = home(hashOf(added));
    long before = slot(place);
    while (isKey(before)) {
      place = following(place);
      before = slot(place);
    }
    taken += before == 0 ? 1 : 0;
    keys++;
    setSlot(place, added);
  }

  /** Adds all keys of another table whose hashes have, of some bits, just the wanted ones set. */
  void insertAll(SlotTable other, int bits, int wanted) {
    for (int place = 0; place < other.slots; place++) {
      long slot = other.slot(place);
      if (isKey(slot) && (hashOf(slot) & bits) == wanted) {
        insert(slot);
      }
    }
  }

  /** Frees the slots of removed keys. Only while nobody reads. */
  void fillAnew() {
    long[] kept = new long[taken];
    int count = 0;
    for (int place = 0; place < slots; place++) {
      long slot = slot(place);
      if (isKey(slot)) {
        kept[count++] = slot;
      }
    }
    clear();
    for (int i = 0; i < count; i++) {
      insert(kept[i]);
    }
  }

  /**
   * Adds the references of the nodes whose hashes have one of some numbers in some bits, see {@link
   * KeyTable#references(int, int, int)}.
   *
   * @param count how many there are in the array, which has room for one of each slot more
   * @return how many there are now
   */
  int references(int mask, int first, int more, int[] references, int count) {
    int added = count;
    for (int place = 0; place < slots; place++) {
      long slot = buffer.getLong(at(place));
      if (isKey(slot) && ((hashOf(slot) - first) & mask) <= more) {
        references[added++] = referenceOf(slot);
      }
    }
    // Once for all of them: what their nodes have was written before the slots.
    VarHandle.acquireFence();
    return added;
  }

  /** The first place from one on that has a key; {@link #slots()} if there is none. */
  int nextKey(int from) {
    int place = from;
    while (place < slots && !isKey(slot(place))) {
      place++;
    }
    return place;
  }

  /** The node of the key at a place. */
  int node(int place) {
    return referenceOf(slot(place));
  }

  /** The node of the key at a place is another one from now on. */
  void setNode(int place, int node) {
    setSlot(place, (slot(place) & -1L << Integer.SIZE) | (node & 0xFFFFFFFFL));
  }

  /** Takes the key at a place out of the table. */
  void remove(int place) {
    keys--;
    if (slot(following(place)) != 0) {
      setSlot(place, REMOVED);
      return;
    }
    // A search that comes here would end at the next slot.
    int freed = place;
    do {
      setSlot(freed, 0);
      taken--;
      freed = freed == 0 ? slots - 1 : freed - 1;
    } while (slot(freed) == REMOVED);
  }
}
