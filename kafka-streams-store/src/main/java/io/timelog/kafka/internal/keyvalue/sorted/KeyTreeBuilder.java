package io.timelog.kafka.internal.keyvalue.sorted;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes a tree of keys that come in order. */
public final class KeyTreeBuilder {
  /** Leaves some room, so that the first keys that come later do not split every node. */
  private static final int FILL = Node.MAX_FANOUT * 7 / 8;

  private static final long ERA = 0;

  private final List<Node> leaves = new ArrayList<>();
  private final List<byte[]> separators = new ArrayList<>();
  private final int[] ends = new int[FILL];
  private byte[] bytes = new byte[1024];
  private int count;
  private int size;
  private long heapBytes;

  /** No keys yet. */
  public KeyTreeBuilder() {}

  /** Adds a key that is greater than those before. */
  public void add(byte[] key) {
    int start = count == 0 ? 0 : ends[count - 1];
    if (count == FILL || (count > 0 && start + key.length > Leaf.MAX_BYTES)) {
      finishLeaf();
      start = 0;
    }
    if (bytes.length - start < key.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, start + key.length));
    }
    System.arraycopy(key, 0, bytes, start, key.length);
    ends[count++] = start + key.length;
    size++;
    heapBytes += KeyTree.bytesFor(key.length);
  }

  private void finishLeaf() {
    Leaf leaf = Leaf.of(ERA, Arrays.copyOf(bytes, ends[count - 1]), Arrays.copyOf(ends, count));
    separators.add(leaf.key(0));
    leaves.add(leaf);
    count = 0;
  }

  /** The tree. The builder is spent. */
  public KeyTree build() {
    if (size == 0) {
      return new KeyTree();
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
            Inner.of(
                ERA, Arrays.copyOfRange(level, from, to), Arrays.copyOfRange(firsts, from, to));
        firstsAbove[i] = firsts[from];
      }
      level = above;
      firsts = firstsAbove;
    }
    return new KeyTree(level[0], size, heapBytes);
  }
}
