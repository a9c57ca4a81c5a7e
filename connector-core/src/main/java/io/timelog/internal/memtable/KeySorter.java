package io.timelog.internal.memtable;

import io.timelog.internal.key.KeyOrder;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Sorts nodes of a window by their keys, as unsigned bytes; the order of key groups is the order of
 * these bytes, too, because a key group is a prefix of its key.
 *
 * <p>Eight bytes of every key at a time: those, less what they have in common, are put into a long
 * with the number of the key behind them, so that most of the work is a sort of plain numbers. Keys
 * that differ only in what was lost to the number, or further on, are left next to each other and
 * sorted by themselves.
 */
final class KeySorter {
  private static final int INSERTION_SORT = 12;

  private final KeyNodes nodes;
  private long[] keys = new long[0];
  private long[] words = new long[0];
  private long[] numbered = new long[0];
  private long[] spare = new long[0];

  /** Keys that are still to be sorted: from, to and the place of the next eight bytes. */
  private int[] ties = new int[3 * 16];

  private int tieCount;

  KeySorter(KeyNodes nodes) {
    this.nodes = nodes;
  }

  /** A sorted copy of the first {@code count} {@linkplain Sighting sightings}. */
  long[] sort(long[] unsorted, int count) {
    keys = Arrays.copyOf(unsorted, count);
    words = new long[count];
    numbered = new long[count];
    spare = new long[count];
    addTie(0, count, 0);
    while (tieCount > 0) {
      tieCount--;
      sort(ties[3 * tieCount], ties[3 * tieCount + 1], ties[3 * tieCount + 2]);
    }
    return keys;
  }

  private void addTie(int from, int to, int depth) {
    if (3 * tieCount == ties.length) {
      ties = Arrays.copyOf(ties, 2 * ties.length);
    }
    ties[3 * tieCount] = from;
    ties[3 * tieCount + 1] = to;
    ties[3 * tieCount + 2] = depth;
    tieCount++;
  }

  /** Sorts keys that are the same in the first {@code depth} bytes. */
  private void sort(int from, int to, int depth) {
    if (to - from <= INSERTION_SORT) {
      insertionSort(from, to);
      return;
    }
    int longest = 0;
    long differing = 0;
    for (int i = from; i < to; i++) {
      int node = Sighting.node(keys[i]);
      int length = nodes.keyLength(node);
      longest = Math.max(longest, length);
      words[i] = word(node, length, depth);
      differing |= words[i] ^ words[from];
    }
    if (differing != 0) {
      sortByWords(from, to, depth, differing);
    } else if (longest > depth + Long.BYTES) {
      addTie(from, to, depth + Long.BYTES);
    } else {
      sortByLength(from, to, depth);
    }
  }

  private long word(int node, int length, int depth) {
    ByteBuffer buffer = nodes.keyBuffer(node);
    int offset = KeyNodes.keyOffset(node, length) + depth;
    int rest = length - depth;
    if (rest >= Long.BYTES) {
      return Long.reverseBytes(buffer.getLong(offset));
    }
    long word = 0;
    for (int i = 0; i < rest; i++) {
      word |= (buffer.get(offset + i) & 0xFFL) << (Long.SIZE - Byte.SIZE * (i + 1));
    }
    return word;
  }

  /** Keys that differ in zeros at their ends only, so the shorter is the smaller. */
  private void sortByLength(int from, int to, int depth) {
    long differing = 0;
    for (int i = from; i < to; i++) {
      words[i] = nodes.keyLength(Sighting.node(keys[i]));
      differing |= words[i] ^ words[from];
    }
    if (differing != 0) {
      sortByWords(from, to, depth, differing);
    }
  }

  private void sortByWords(int from, int to, int depth, long differing) {
    int common = Long.numberOfLeadingZeros(differing);
    int numberBits = Integer.SIZE - Integer.numberOfLeadingZeros(to - from - 1);
    for (int i = from; i < to; i++) {
      // The sign bit is part of the word, so that the order of signed numbers would be another.
      long shifted = (words[i] << common) ^ Long.MIN_VALUE;
      numbered[i] = shifted >> numberBits << numberBits | (i - from);
    }
    Arrays.sort(numbered, from, to);
    System.arraycopy(keys, from, spare, from, to - from);
    int numberMask = (1 << numberBits) - 1;
    int tied = from;
    for (int i = from; i < to; i++) {
      keys[i] = spare[from + ((int) numbered[i] & numberMask)];
      if (numbered[i] >> numberBits != numbered[tied] >> numberBits) {
        noteTie(tied, i, depth);
        tied = i;
      }
    }
    noteTie(tied, to, depth);
  }

  private void noteTie(int from, int to, int depth) {
    if (to - from > 1) {
      addTie(from, to, depth);
    }
  }

  private void insertionSort(int from, int to) {
    for (int i = from + 1; i < to; i++) {
      long key = keys[i];
      int j = i - 1;
      while (j >= from && compare(keys[j], key) > 0) {
        keys[j + 1] = keys[j];
        j--;
      }
      keys[j + 1] = key;
    }
  }

  private int compare(long left, long right) {
    int leftNode = Sighting.node(left);
    int rightNode = Sighting.node(right);
    return leftNode == rightNode
        ? 0
        : KeyOrder.compare(
            nodes.keyBuffer(leftNode),
            nodes.keyOffset(leftNode),
            nodes.keyLength(leftNode),
            nodes.keyBuffer(rightNode),
            nodes.keyOffset(rightNode),
            nodes.keyLength(rightNode));
  }
}
