package io.timelog.kafka.internal.keyvalue.sorted;

import java.util.Arrays;

/**
 * Keys in the order of their bytes as unsigned numbers, which come and go, and {@linkplain
 * #snapshot() snapshots} of them, which stay as they are. A change costs O(log n), a snapshot O(1).
 *
 * <p>Takes memory for the bytes of the keys and a few more for each. Changes and the taking of
 * snapshots need a lock of the caller; snapshots can then be read without.
 */
public final class KeyTree {
  /*
   * A B+-tree. Taking a snapshot ends an era: what the tree consists of at that moment never changes
   * again. A change makes copies of the nodes of earlier eras that it meets on its way from the root to
   * the leaf, and changes nodes of its own era in place; so a writer whose keys nobody reads copies
   * nothing, and after a snapshot copies each node once. The transient
   * collections of Clojure do the same.
   *
   * A node that is full is split in halves, or, if what comes next comes at its end, behind that: keys
   * that come in order leave full nodes. A node that is less than a quarter full is merged with a
   * neighbour if the two make no more than half a node, so that a split does not follow.
   */
  private static final int MIN_FANOUT = Node.MAX_FANOUT / 4;

  /** What a key takes beside its bytes: its end, and its part of nodes, arrays and separators. */
  private static final int OVERHEAD_BYTES = 12;

  private static final byte[] NO_SEPARATOR = {};

  private Node root;
  private int size;
  private long heapBytes;
  private long era;

  /**
   * The way to the leaf of the last search: the inner nodes, and the number of the child in each.
   */
  private Inner[] path = new Inner[4];

  private int[] places = new int[4];
  private int depth;

  /** No keys. */
  public KeyTree() {
    this(Leaf.empty(0), 0, 0);
  }

  /** A tree of nodes of era 0. */
  KeyTree(Node root, int size, long heapBytes) {
    this.root = root;
    this.size = size;
    this.heapBytes = heapBytes;
  }

  /** The number of keys. */
  public int size() {
    return size;
  }

  /** About how many bytes of the heap the keys take: the sum of {@link #bytesFor} over them. */
  public long heapBytes() {
    return heapBytes;
  }

  /** About how many bytes of the heap a key of that length takes. */
  public static long bytesFor(int keyLength) {
    // Nodes are between half full and full, but for those that keys are leaving.
    return OVERHEAD_BYTES + (long) keyLength + keyLength / 2;
  }

  /** The keys as they are now. */
  public SortedKeys snapshot() {
    era++;
    return new SortedKeys(root, size);
  }

  /** Adds a key; false if it was there. */
  public boolean add(byte[] key) {
    Leaf found = findLeaf(key);
    int place = -found.find(key) - 1;
    if (place < 0) {
      return false;
    }
    Leaf leaf = own(found);
    if (leaf.isFullFor(key.length)) {
      Leaf upper = leaf.split(place, era);
      if (place > leaf.count() || upper.count() == 0) {
        upper.insert(place - leaf.count(), key);
      } else {
        leaf.insert(place, key);
      }
      addBehindPath(upper, upper.key(0));
    } else {
      leaf.insert(place, key);
    }
    size++;
    heapBytes += bytesFor(key.length);
    return true;
  }

  /** Removes a key; false if it was not there. */
  public boolean remove(byte[] key) {
    Leaf found = findLeaf(key);
    int place = found.find(key);
    if (place < 0) {
      return false;
    }
    Leaf leaf = own(found);
    leaf.remove(place);
    shrinkPath(leaf);
    size--;
    heapBytes -= bytesFor(key.length);
    return true;
  }

  /** The leaf in which the key is, if it is in any; notes the path to it. */
  private Leaf findLeaf(byte[] key) {
    depth = 0;
    Node node = root;
    while (node instanceof Inner inner) {
      if (depth == places.length) {
        path = Arrays.copyOf(path, depth * 2);
        places = Arrays.copyOf(places, depth * 2);
      }
      int place = inner.childOf(key);
      path[depth] = inner;
      places[depth] = place;
      depth++;
      node = inner.child(place);
    }
    return (Leaf) node;
  }

  /** The leaf at the end of the path, or a copy of it: the path and what it leads to is of now. */
  private Leaf own(Leaf leaf) {
    for (int level = 0; level < depth; level++) {
      Inner inner = path[level];
      if (!inner.isOf(era)) {
        path[level] = inner.copy(era);
        put(level, path[level]);
      }
    }
    if (leaf.isOf(era)) {
      return leaf;
    }
    Leaf copy = leaf.copy(era);
    put(depth, copy);
    return copy;
  }

  /** Puts a node in its place on the path, below the inner node of the level above. */
  private void put(int level, Node node) {
    if (level == 0) {
      root = node;
    } else {
      path[level - 1].set(places[level - 1], node);
    }
  }

  /** Adds a node behind the one that the path leads to. */
  private void addBehindPath(Node node, byte[] nodeSeparator) {
    Node added = node;
    byte[] separator = nodeSeparator;
    for (int level = depth - 1; level >= 0; level--) {
      Inner parent = path[level];
      int place = places[level] + 1;
      if (!parent.isFull()) {
        parent.insert(place, added, separator);
        return;
      }
      Inner upper = parent.split(place, era);
      if (place > parent.count() || upper.count() == 0) {
        upper.insert(place - parent.count(), added, separator);
      } else {
        parent.insert(place, added, separator);
      }
      added = upper;
      separator = upper.separator(0);
    }
    root = Inner.of(era, new Node[] {root, added}, new byte[][] {NO_SEPARATOR, separator});
  }

  /** Takes nodes that are empty, or nearly, off the path. */
  private void shrinkPath(Node leaf) {
    Node node = leaf;
    for (int level = depth - 1; level >= 0; level--) {
      Inner parent = path[level];
      if (node.count() == 0) {
        parent.remove(places[level]);
      } else if (node.count() >= MIN_FANOUT || !merge(parent, places[level])) {
        return;
      }
      node = parent;
    }
    while (root instanceof Inner inner && inner.count() <= 1) {
      root = inner.count() == 0 ? Leaf.empty(era) : inner.child(0);
    }
  }

  private boolean merge(Inner parent, int place) {
    return mergeWithNext(parent, place) || mergeWithNext(parent, place - 1);
  }

  private boolean mergeWithNext(Inner parent, int place) {
    if (place < 0 || place + 1 >= parent.count()) {
      return false;
    }
    Node both =
        parent.child(place).mergedWith(parent.child(place + 1), parent.separator(place + 1), era);
    if (both == null) {
      return false;
    }
    parent.set(place, both);
    parent.remove(place + 1);
    return true;
  }
}
