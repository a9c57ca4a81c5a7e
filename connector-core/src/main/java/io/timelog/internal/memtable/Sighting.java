package io.timelog.internal.memtable;

import java.util.Arrays;

/**
 * A key of a window, found because it got a row in a range of time, and where in its chunk that row
 * was written: the node of the key in the low half of a long, the offset of the row in the high
 * half. The offset is a hint. Rows may have moved since.
 */
final class Sighting {
  /** An offset that no row has: look for the rows of the key by their times. */
  static final int ANYWHERE = -1;

  private Sighting() {}

  static long of(int node, int offset) {
    return (long) offset << Integer.SIZE | Integer.toUnsignedLong(node);
  }

  static int node(long sighting) {
    return (int) sighting;
  }

  static int offset(long sighting) {
    return (int) (sighting >> Integer.SIZE);
  }

  /** Every one of these nodes, with its rows {@link #ANYWHERE}. */
  static long[] anywhere(int[] nodes) {
    long[] sightings = new long[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      sightings[i] = of(nodes[i], ANYWHERE);
    }
    return sightings;
  }

  /**
   * Sorted sightings with each node once. A node that was found several times got as many rows,
   * which may be {@link #ANYWHERE}. Changes what it is given.
   */
  static long[] distinct(long[] sorted) {
    int kept = 0;
    for (int i = 0; i < sorted.length; i++) {
      int node = node(sorted[i]);
      if (kept > 0 && node == node(sorted[kept - 1])) {
        sorted[kept - 1] = of(node, ANYWHERE);
      } else {
        sorted[kept++] = sorted[i];
      }
    }
    return kept == sorted.length ? sorted : Arrays.copyOf(sorted, kept);
  }
}
