package io.timelog.internal.memtable;

import io.timelog.internal.key.KeyOrder;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Sorts nodes of a window by their keys, as unsigned bytes. Most comparisons are settled by the
 * first eight bytes, which are read once per node; the order of key groups is the order of these
 * bytes, too, because a key group is a prefix of its key.
 */
final class KeySorter {
  private static final int INSERTION_SORT = 12;

  private final MemtableWindow window;
  private long[] keys = new long[0];
  private long[] prefixes = new long[0];
  private long[] spareKeys = new long[0];
  private long[] sparePrefixes = new long[0];

  KeySorter(MemtableWindow window) {
    this.window = window;
  }

  /** A sorted copy of the first {@code count} {@linkplain Sighting sightings}. */
  long[] sort(long[] unsorted, int count) {
    keys = Arrays.copyOf(unsorted, count);
    prefixes = new long[count];
    spareKeys = new long[count];
    sparePrefixes = new long[count];
    for (int i = 0; i < count; i++) {
      prefixes[i] = prefix(Sighting.node(keys[i]));
    }
    sort(0, count);
    return keys;
  }

  private long prefix(int node) {
    ByteBuffer buffer = window.keyBuffer(node);
    int offset = window.keyOffset(node);
    int length = window.keyLength(node);
    if (length >= Long.BYTES) {
      return Long.reverseBytes(buffer.getLong(offset)) ^ Long.MIN_VALUE;
    }
    long prefix = 0;
    for (int i = 0; i < length; i++) {
      prefix |= (buffer.get(offset + i) & 0xFFL) << (Long.SIZE - Byte.SIZE * (i + 1));
    }
    return prefix ^ Long.MIN_VALUE;
  }

  private void sort(int from, int to) {
    if (to - from <= INSERTION_SORT) {
      insertionSort(from, to);
      return;
    }
    int middle = (from + to) >>> 1;
    sort(from, middle);
    sort(middle, to);
    if (compare(prefixes[middle - 1], keys[middle - 1], prefixes[middle], keys[middle]) > 0) {
      merge(from, middle, to);
    }
  }

  private void insertionSort(int from, int to) {
    for (int i = from + 1; i < to; i++) {
      long prefix = prefixes[i];
      long key = keys[i];
      int j = i - 1;
      while (j >= from && compare(prefixes[j], keys[j], prefix, key) > 0) {
        prefixes[j + 1] = prefixes[j];
        keys[j + 1] = keys[j];
        j--;
      }
      prefixes[j + 1] = prefix;
      keys[j + 1] = key;
    }
  }

  private void merge(int from, int middle, int to) {
    int leftCount = middle - from;
    System.arraycopy(keys, from, spareKeys, 0, leftCount);
    System.arraycopy(prefixes, from, sparePrefixes, 0, leftCount);
    int left = 0;
    int right = middle;
    int target = from;
    while (left < leftCount) {
      if (right >= to
          || compare(sparePrefixes[left], spareKeys[left], prefixes[right], keys[right]) <= 0) {
        keys[target] = spareKeys[left];
        prefixes[target++] = sparePrefixes[left++];
      } else {
        keys[target] = keys[right];
        prefixes[target++] = prefixes[right++];
      }
    }
  }

  private int compare(long leftPrefix, long left, long rightPrefix, long right) {
    if (leftPrefix != rightPrefix) {
      return leftPrefix < rightPrefix ? -1 : 1;
    }
    int leftNode = Sighting.node(left);
    int rightNode = Sighting.node(right);
    return KeyOrder.compare(
        window.keyBuffer(leftNode),
        window.keyOffset(leftNode),
        window.keyLength(leftNode),
        window.keyBuffer(rightNode),
        window.keyOffset(rightNode),
        window.keyLength(rightNode));
  }
}
