package io.timelog.kafka.internal.keyvalue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A set of keys in the order of their bytes as unsigned numbers. Immutable: {@link #with} and
 * {@link #without} return another set, which shares nearly all its memory with this one, so a set
 * is a snapshot for as long as anybody likes to keep it. Both cost O(log n), and so does finding a
 * place in a set.
 *
 * <p>Takes memory for the bytes of the keys and a few more for each.
 */
final class SortedKeys {
  /*
   * A B+-tree whose nodes are copied on their way from the root to the leaf that changes. A leaf holds
   * its keys in one array, one behind the other, so that a million keys are a few ten thousand objects
   * for the garbage collector and not a few million. A node that is too full is split in halves, or, if
   * the key came at its end, behind that: keys that come in order leave full nodes. A node that is less
   * than a quarter full is merged with a neighbour if the two make no more than half a node, so that a
   * split does not follow.
   */
  private static final int MAX_FANOUT = 64;
  private static final int MIN_FANOUT = MAX_FANOUT / 4;
  private static final int MAX_MERGED_FANOUT = MAX_FANOUT / 2;

  /** A leaf of long keys is split before it is too costly to copy. */
  private static final int MAX_LEAF_BYTES = 8 << 10;

  /** What a key takes beside its bytes: its end, and its part of nodes, arrays and separators. */
  private static final int OVERHEAD_BYTES = 12;

  private static final SortedKeys EMPTY = new SortedKeys(new Leaf(new byte[0], new int[0]), 0, 0);

  private final Node root;
  private final int size;
  private final long keyBytes;

  private SortedKeys(Node root, int size, long keyBytes) {
    this.root = root;
    this.size = size;
    this.keyBytes = keyBytes;
  }

  /** No keys. */
  static SortedKeys empty() {
    return EMPTY;
  }

  /** The number of keys. */
  int size() {
    return size;
  }

  /** About how many bytes of the heap the set takes, what it shares with others included. O(1). */
  long heapBytes() {
    return keyBytes + (long) OVERHEAD_BYTES * size;
  }

  /** This set and the key; this set itself if it has the key. */
  SortedKeys with(byte[] key) {
    Node changed = root.with(key);
    if (changed == root) {
      return this;
    }
    return new SortedKeys(
        changed.isTooLarge() ? split(changed, key) : changed, size + 1, keyBytes + key.length);
  }

  private static Node split(Node node, byte[] key) {
    int at = node.splitPoint(key);
    Node upper = node.slice(at, node.count());
    return new Inner(
        new Node[] {node.slice(0, at), upper}, new byte[][] {NO_SEPARATOR, node.separator(at)});
  }

  /** This set without the key; this set itself if it does not have the key. */
  SortedKeys without(byte[] key) {
    Node changed = root.without(key);
    if (changed == root) {
      return this;
    }
    while (changed instanceof Inner inner && inner.count() == 1) {
      changed = inner.children[0];
    }
    return new SortedKeys(
        changed.count() == 0 ? EMPTY.root : changed, size - 1, keyBytes - key.length);
  }

  /** The keys from {@code low} on, which is included; all if it is null. Before the first. */
  Cursor ascending(byte @Nullable [] low) {
    return new Cursor(root, low, 1);
  }

  /** The keys down from {@code high}, which is included; all if it is null. Before the first. */
  Cursor descending(byte @Nullable [] high) {
    return new Cursor(root, high, -1);
  }

  private static final byte[] NO_SEPARATOR = {};

  private abstract static sealed class Node {
    /** Keys of a leaf, children of an inner node. */
    abstract int count();

    abstract boolean isTooLarge();

    /** This node with the key; itself if it has the key. May be too large. */
    abstract Node with(byte[] key);

    /** This node without the key; itself if it does not have the key. May be too small. */
    abstract Node without(byte[] key);

    /** Where to split a node that got too large by the key. */
    abstract int splitPoint(byte[] key);

    abstract Node slice(int from, int to);

    /** The first key from {@code at} on, or a smaller one that all before {@code at} are below. */
    abstract byte[] separator(int at);

    /** Both, if they are better off as one node; null if not. */
    abstract @Nullable Node mergedWith(Node next, byte[] separator);
  }

  private static final class Leaf extends Node {
    final byte[] bytes;
    final int[] ends;

    Leaf(byte[] bytes, int[] ends) {
      this.bytes = bytes;
      this.ends = ends;
    }

    @Override
    int count() {
      return ends.length;
    }

    int start(int index) {
      return index == 0 ? 0 : ends[index - 1];
    }

    byte[] key(int index) {
      return Arrays.copyOfRange(bytes, start(index), ends[index]);
    }

    int compare(int index, byte[] key) {
      return Arrays.compareUnsigned(bytes, start(index), ends[index], key, 0, key.length);
    }

    /** The place of the key, or of the first one behind it as {@code -place - 1}. */
    int find(byte[] key) {
      int low = 0;
      int high = ends.length - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int order = compare(middle, key);
        if (order == 0) {
          return middle;
        }
        if (order < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return -low - 1;
    }

    @Override
    boolean isTooLarge() {
      return ends.length > MAX_FANOUT || (bytes.length > MAX_LEAF_BYTES && ends.length > 1);
    }

    @Override
    Node with(byte[] key) {
      int found = find(key);
      if (found >= 0) {
        return this;
      }
      int place = -found - 1;
      int start = start(place);
      byte[] more = new byte[bytes.length + key.length];
      System.arraycopy(bytes, 0, more, 0, start);
      System.arraycopy(key, 0, more, start, key.length);
      System.arraycopy(bytes, start, more, start + key.length, bytes.length - start);
      int[] moreEnds = new int[ends.length + 1];
      System.arraycopy(ends, 0, moreEnds, 0, place);
      moreEnds[place] = start + key.length;
      for (int i = place; i < ends.length; i++) {
        moreEnds[i + 1] = ends[i] + key.length;
      }
      return new Leaf(more, moreEnds);
    }

    @Override
    Node without(byte[] key) {
      int place = find(key);
      if (place < 0) {
        return this;
      }
      int start = start(place);
      byte[] less = new byte[bytes.length - key.length];
      System.arraycopy(bytes, 0, less, 0, start);
      System.arraycopy(bytes, ends[place], less, start, less.length - start);
      int[] lessEnds = new int[ends.length - 1];
      System.arraycopy(ends, 0, lessEnds, 0, place);
      for (int i = place; i < lessEnds.length; i++) {
        lessEnds[i] = ends[i + 1] - key.length;
      }
      return new Leaf(less, lessEnds);
    }

    @Override
    int splitPoint(byte[] key) {
      int last = ends.length - 1;
      return compare(last, key) == 0 ? last : ends.length / 2;
    }

    @Override
    Node slice(int from, int to) {
      int start = start(from);
      int[] part = Arrays.copyOfRange(ends, from, to);
      for (int i = 0; i < part.length; i++) {
        part[i] -= start;
      }
      return new Leaf(Arrays.copyOfRange(bytes, start, start(to)), part);
    }

    @Override
    byte[] separator(int at) {
      return key(at);
    }

    @Override
    @Nullable Node mergedWith(Node next, byte[] separator) {
      Leaf other = (Leaf) next;
      int count = ends.length + other.ends.length;
      int length = bytes.length + other.bytes.length;
      if (count > MAX_MERGED_FANOUT || length > MAX_LEAF_BYTES / 2) {
        return null;
      }
      byte[] both = Arrays.copyOf(bytes, length);
      System.arraycopy(other.bytes, 0, both, bytes.length, other.bytes.length);
      int[] bothEnds = Arrays.copyOf(ends, count);
      for (int i = 0; i < other.ends.length; i++) {
        bothEnds[ends.length + i] = bytes.length + other.ends[i];
      }
      return new Leaf(both, bothEnds);
    }
  }

  private static final class Inner extends Node {
    final Node[] children;

    /** All keys below child i are at or above separator i; that of the first child says nothing. */
    final byte[][] separators;

    Inner(Node[] children, byte[][] separators) {
      this.children = children;
      this.separators = separators;
    }

    @Override
    int count() {
      return children.length;
    }

    @Override
    boolean isTooLarge() {
      return children.length > MAX_FANOUT;
    }

    int childOf(byte[] key) {
      int low = 1;
      int high = children.length - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        if (Arrays.compareUnsigned(separators[middle], key) <= 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return high;
    }

    @Override
    Node with(byte[] key) {
      int index = childOf(key);
      Node child = children[index];
      Node changed = child.with(key);
      if (changed == child) {
        return this;
      }
      if (!changed.isTooLarge()) {
        return withChild(index, changed);
      }
      int at = changed.splitPoint(key);
      return replaced(
          index,
          1,
          new Node[] {changed.slice(0, at), changed.slice(at, changed.count())},
          new byte[][] {separators[index], changed.separator(at)});
    }

    @Override
    Node without(byte[] key) {
      int index = childOf(key);
      Node child = children[index];
      Node changed = child.without(key);
      if (changed == child) {
        return this;
      }
      if (changed.count() == 0) {
        return replaced(index, 1, new Node[0], new byte[0][]);
      }
      if (changed.count() < MIN_FANOUT) {
        Node merged = mergeAt(index, changed);
        if (merged != null) {
          return merged;
        }
      }
      return withChild(index, changed);
    }

    private @Nullable Node mergeAt(int index, Node changed) {
      if (index + 1 < children.length) {
        Node both = changed.mergedWith(children[index + 1], separators[index + 1]);
        if (both != null) {
          return replaced(index, 2, new Node[] {both}, new byte[][] {separators[index]});
        }
      }
      if (index > 0) {
        Node both = children[index - 1].mergedWith(changed, separators[index]);
        if (both != null) {
          return replaced(index - 1, 2, new Node[] {both}, new byte[][] {separators[index - 1]});
        }
      }
      return null;
    }

    private Inner withChild(int index, Node child) {
      Node[] changed = children.clone();
      changed[index] = child;
      return new Inner(changed, separators);
    }

    /** With other children in the place of {@code count} from {@code index} on. */
    private Inner replaced(int index, int count, Node[] nodes, byte[][] theirSeparators) {
      int length = children.length - count + nodes.length;
      int rest = children.length - index - count;
      Node[] changed = Arrays.copyOf(children, length);
      byte[][] changedSeparators = Arrays.copyOf(separators, length);
      System.arraycopy(nodes, 0, changed, index, nodes.length);
      System.arraycopy(theirSeparators, 0, changedSeparators, index, nodes.length);
      System.arraycopy(children, index + count, changed, index + nodes.length, rest);
      System.arraycopy(separators, index + count, changedSeparators, index + nodes.length, rest);
      return new Inner(changed, changedSeparators);
    }

    @Override
    int splitPoint(byte[] key) {
      int last = children.length - 1;
      return childOf(key) == last ? last : children.length / 2;
    }

    @Override
    Node slice(int from, int to) {
      return new Inner(
          Arrays.copyOfRange(children, from, to), Arrays.copyOfRange(separators, from, to));
    }

    @Override
    byte[] separator(int at) {
      return separators[at];
    }

    @Override
    @Nullable Node mergedWith(Node next, byte[] separator) {
      Inner other = (Inner) next;
      int count = children.length + other.children.length;
      if (count > MAX_MERGED_FANOUT) {
        return null;
      }
      Node[] both = Arrays.copyOf(children, count);
      byte[][] bothSeparators = Arrays.copyOf(separators, count);
      System.arraycopy(other.children, 0, both, children.length, other.children.length);
      System.arraycopy(other.separators, 0, bothSeparators, children.length, other.children.length);
      bothSeparators[children.length] = separator;
      return new Inner(both, bothSeparators);
    }
  }

  /** Steps through the keys of a set in one direction. Belongs to one thread. */
  static final class Cursor {
    private final int step;
    private final List<Inner> path = new ArrayList<>(4);
    private int[] places = new int[4];
    private @Nullable Leaf leaf;
    private int place;

    private Cursor(Node root, byte @Nullable [] start, int step) {
      this.step = step;
      Node node = root;
      while (node instanceof Inner inner) {
        enter(inner, start == null ? firstPlace(inner) : inner.childOf(start));
        node = inner.children[places[path.size() - 1]];
      }
      Leaf reached = (Leaf) node;
      leaf = reached;
      place = start == null ? firstPlace(reached) - step : placeBefore(reached, start);
    }

    private int placeBefore(Leaf reached, byte[] start) {
      int found = reached.find(start);
      if (found >= 0) {
        return found - step;
      }
      int behind = -found - 1;
      return step > 0 ? behind - 1 : behind;
    }

    private int firstPlace(Node node) {
      return step > 0 ? 0 : node.count() - 1;
    }

    private void enter(Inner inner, int at) {
      if (path.size() == places.length) {
        places = Arrays.copyOf(places, places.length * 2);
      }
      places[path.size()] = at;
      path.add(inner);
    }

    /** Moves to the next key; false when there is none, and from then on. */
    boolean advance() {
      Leaf at = leaf;
      while (at != null) {
        place += step;
        if (0 <= place && place < at.count()) {
          return true;
        }
        at = nextLeaf();
        leaf = at;
      }
      return false;
    }

    private @Nullable Leaf nextLeaf() {
      while (!path.isEmpty()) {
        int depth = path.size() - 1;
        Inner inner = path.get(depth);
        int next = places[depth] + step;
        if (0 <= next && next < inner.count()) {
          places[depth] = next;
          Node node = inner.children[next];
          while (node instanceof Inner below) {
            enter(below, firstPlace(below));
            node = below.children[places[path.size() - 1]];
          }
          Leaf reached = (Leaf) node;
          place = firstPlace(reached) - step;
          return reached;
        }
        path.remove(depth);
      }
      return null;
    }

    private Leaf current() {
      Leaf at = leaf;
      if (at == null) {
        throw new NoSuchElementException("There is no key here");
      }
      return at;
    }

    /** A copy of the current key. */
    byte[] key() {
      return current().key(place);
    }

    /** The order of the current key and another, as a comparator tells it. */
    int compareTo(byte[] other) {
      return current().compare(place, other);
    }
  }

  /** Makes a set of keys that come in order. */
  static final class Builder {
    /** Leaves some room, so that the first keys that come later do not split every node. */
    private static final int FILL = MAX_FANOUT * 7 / 8;

    private final List<Node> leaves = new ArrayList<>();
    private final List<byte[]> separators = new ArrayList<>();
    private final int[] ends = new int[FILL];
    private byte[] bytes = new byte[1024];
    private int count;
    private int size;
    private long keyBytes;

    /** Adds a key that is greater than those before. */
    void add(byte[] key) {
      int start = count == 0 ? 0 : ends[count - 1];
      if (count == FILL || (count > 0 && start + key.length > MAX_LEAF_BYTES)) {
        finishLeaf();
        start = 0;
      }
      if (bytes.length - start < key.length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, start + key.length));
      }
      System.arraycopy(key, 0, bytes, start, key.length);
      ends[count++] = start + key.length;
      size++;
      keyBytes += key.length;
    }

    private void finishLeaf() {
      Leaf leaf = new Leaf(Arrays.copyOf(bytes, ends[count - 1]), Arrays.copyOf(ends, count));
      separators.add(leaf.key(0));
      leaves.add(leaf);
      count = 0;
    }

    /** The set. The builder is spent. */
    SortedKeys build() {
      if (size == 0) {
        return EMPTY;
      }
      if (count > 0) {
        finishLeaf();
      }
      Node[] level = leaves.toArray(Node[]::new);
      byte[][] firsts = separators.toArray(byte[][]::new);
      while (level.length > 1) {
        int parents = (level.length + FILL - 1) / FILL;
        Node[] above = new Node[parents];
        byte[][] firstsAbove = new byte[parents][];
        for (int i = 0; i < parents; i++) {
          int from = i * FILL;
          int to = Math.min(from + FILL, level.length);
          above[i] =
              new Inner(Arrays.copyOfRange(level, from, to), Arrays.copyOfRange(firsts, from, to));
          firstsAbove[i] = firsts[from];
        }
        level = above;
        firsts = firstsAbove;
      }
      return new SortedKeys(level[0], size, keyBytes);
    }
  }
}
