package io.timelog.internal.memtable;

import io.timelog.KeyGroups;
import io.timelog.internal.key.Key;
import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.MemoryAccount;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of one window and their nodes: finds the node of a key, and reads keys from nodes.
 *
 * <p>One thread changes it, others may look up at the same time.
 */
final class KeyNodes {
  /** Keys of one hash in the table; the others are kept apart. */
  private static final int MAX_OF_ONE_HASH = 8;

  /** The bits of a hash in which the key group stands. */
  private static final int GROUP_MASK = 0xFF;

  private final Arena arena;
  private final KeyGroups keyGroups;
  private final KeyTable table;
  private final CollidingKeys colliding;

  /**
   * Without keys.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is no room for the table of so many
   *     expected keys; the arena may have blocks that are lost until it is closed
   */
  KeyNodes(
      Arena arena, Reclamation readers, KeyGroups keyGroups, MemoryAccount pool, int expectedKeys) {
    this.arena = arena;
    this.keyGroups = keyGroups;
    this.table = new KeyTable(arena, readers, pool, expectedKeys);
    this.colliding = new CollidingKeys(pool);
  }

  KeyGroups keyGroups() {
    return keyGroups;
  }

  /**
   * The hash by which a key is found here. The last byte of its key group takes the place of some
   * bits, so that a scan of one key group can pass over the others without a look at their nodes.
   */
  int hash(Key key) {
    int prefix = keyGroups.prefixBytes();
    return prefix == 0 || key.length() < prefix
        ? key.hash()
        : (key.hash() & ~GROUP_MASK) | (key.bytes()[key.offset() + prefix - 1] & GROUP_MASK);
  }

  /** The node of a key; {@link Arena#NONE} if it has none. */
  int find(Key key) {
    return find(key, hash(key));
  }

  /** The node of a key with this {@link #hash}; {@link Arena#NONE} if it has none. */
  int find(Key key, int hash) {
    int node = findInTable(key, hash);
    return node == Arena.NONE ? colliding.find(key) : node;
  }

  private int findInTable(Key key, int hash) {
    int node = table.first(hash);
    for (int i = 1; node != Arena.NONE && !hasKey(node, key); i++) {
      node = i == MAX_OF_ONE_HASH ? Arena.NONE : table.next(hash, node);
    }
    return node;
  }

  /**
   * As {@link #find(Key, int)}, for the writer; without a search in the table if the key is the one
   * of the write before.
   */
  int findToWrite(Key key, int hash) {
    int recent = table.recent(hash);
    if (recent != Arena.NONE && hasKey(recent, key)) {
      return recent;
    }
    int node = findInTable(key, hash);
    if (node == Arena.NONE) {
      return colliding.find(key);
    }
    table.noteRecent(hash, node);
    return node;
  }

  private boolean hasKey(int node, Key key) {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    int length = KeyNode.keyLength(buffer, offset);
    return KeyOrder.equal(buffer, KeyNode.keyOffset(offset, length), length, key);
  }

  /** Loads the slot where the search for a key starts, and returns something of it. */
  long touchSlot(Key key) {
    return table.touch(hash(key));
  }

  /** A node that may be that of the key; {@link Arena#NONE} if it has none. */
  int firstOfHash(Key key) {
    int node = table.first(hash(key));
    return node == Arena.NONE ? colliding.find(key) : node;
  }

  /** As {@link KeyTable#first}. */
  int firstOfHash(int hash) {
    return table.first(hash);
  }

  /** As {@link KeyTable#next}. */
  int nextOfHash(int hash, int node) {
    return table.next(hash, node);
  }

  /** At most what {@link #makeRoom} takes of shared slabs. */
  long sharedBytesForOneMore(Key key) {
    return table.sharedBytesForOneMore(hash(key));
  }

  /** At most what {@link #makeRoom} asks the budget for beside shared slabs. */
  long ownBytesForOneMore(Key key) {
    return table.ownBytesForOneMore(hash(key)) + CollidingKeys.bytesFor(key);
  }

  /**
   * Makes room for the node of a key that has none, so that {@link #insert} cannot fail.
   *
   * @return whether the key is kept apart because of its hash
   * @throws io.timelog.MemoryBudgetExceededException if there is none; nothing changed
   */
  boolean makeRoom(Key key) {
    int hash = hash(key);
    if (table.hasMany(hash, MAX_OF_ONE_HASH)) {
      colliding.reserve(key);
      return true;
    }
    table.makeRoom(hash);
    return false;
  }

  /** Adds the node of a key, as {@link #makeRoom} said. */
  void insert(Key key, int node, boolean apart) {
    if (apart) {
      colliding.add(key, node);
    } else {
      table.insert(hash(key), node);
    }
  }

  /** Takes back what {@link #makeRoom} did for a key that got no node. */
  void giveUp(Key key, boolean apart) {
    if (apart) {
      colliding.unreserve(key);
    }
  }

  /** A walk over all keys but those that are {@linkplain #colliding() kept apart}. */
  KeyTable.Walk walk() {
    return table.walk();
  }

  /** Keys that are kept apart because of their hash. */
  CollidingKeys colliding() {
    return colliding;
  }

  /** Number of keys. */
  int size() {
    return table.size() + colliding.size();
  }

  /** Bytes counted against the budget beside those of the arena. */
  long bytes() {
    return table.heapBytes() + colliding.bytes();
  }

  /** The nodes of all keys, in no order. */
  int[] references() {
    return withColliding(table.references());
  }

  /** At least the nodes of all keys in key groups, both included; in no order. */
  int[] references(int firstGroup, int lastGroup) {
    long groups = (long) lastGroup - firstGroup;
    boolean all = keyGroups == KeyGroups.NONE || groups >= GROUP_MASK;
    return all
        ? references()
        : withColliding(table.references(GROUP_MASK, firstGroup & GROUP_MASK, (int) groups));
  }

  private int[] withColliding(int[] found) {
    if (colliding.isEmpty()) {
      return found;
    }
    int[] more = colliding.references();
    int[] all = Arrays.copyOf(found, found.length + more.length);
    System.arraycopy(more, 0, all, found.length, more.length);
    return all;
  }

  int group(int node) {
    return keyGroups.groupOf(keyBuffer(node), keyOffset(node), keyLength(node));
  }

  ByteBuffer keyBuffer(int node) {
    return arena.buffer(node);
  }

  int keyLength(int node) {
    return KeyNode.keyLength(arena.buffer(node), Arena.offset(node));
  }

  int keyOffset(int node) {
    return keyOffset(node, keyLength(node));
  }

  static int keyOffset(int node, int keyLength) {
    return KeyNode.keyOffset(Arena.offset(node), keyLength);
  }

  /** Gives the counted bytes back. */
  void close() {
    table.close();
    colliding.close();
  }
}
