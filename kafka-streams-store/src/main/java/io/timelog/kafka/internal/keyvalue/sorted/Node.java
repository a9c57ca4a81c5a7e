package io.timelog.kafka.internal.keyvalue.sorted;

import org.jspecify.annotations.Nullable;

/**
 * A node of a {@link KeyTree}. It may be changed in the era in which it was made, for until then
 * nobody but the writer knows it; from the next era on it never changes again.
 */
abstract sealed class Node permits Leaf, Inner {
  /** Keys of a leaf, children of an inner node. */
  static final int MAX_FANOUT = 64;

  static final int MAX_MERGED_FANOUT = MAX_FANOUT / 2;

  private final long era;

  Node(long era) {
    this.era = era;
  }

  final boolean isOf(long other) {
    return era == other;
  }

  /** Keys of a leaf, children of an inner node. */
  abstract int count();

  /** A node of the era with this one and the next; null if they are better off as two. */
  abstract @Nullable Node mergedWith(Node next, byte[] separator, long era);
}
