package io.timelog.internal.memtable;

import org.jspecify.annotations.Nullable;

/**
 * Finds the keys of one window that a scan has to look at: by time, where time is indexed, or by
 * key group. For any number of threads.
 */
final class KeySearch {
  private final KeyNodes nodes;
  private volatile @Nullable TimeIndex times;
  private final long first;
  private final long last;

  /** For the keys of a window from {@code first} to {@code last}, both included. */
  KeySearch(KeyNodes nodes, @Nullable TimeIndex times, long first, long last) {
    this.nodes = nodes;
    this.times = times;
    this.first = first;
    this.last = last;
  }

  /** Whether time is indexed. */
  boolean findsByTime() {
    return times != null;
  }

  /** From now on keys are found by key group only. For the writer. */
  void forgetTimes() {
    times = null;
  }

  /**
   * {@linkplain Sighting Sightings} of at least the keys in key groups that have rows in a range of
   * time, all bounds included; in no order, and some several times.
   */
  long[] find(long from, long to, int firstGroup, int lastGroup) {
    TimeIndex indexed = times;
    if (indexed != null && (from > first || to < last)) {
      long start = Math.max(from, first);
      long end = Math.min(to, last);
      long @Nullable [] found =
          start > end ? new long[0] : indexed.sightings(start, end, nodes.size());
      if (found != null) {
        return found;
      }
    }
    return Sighting.anywhere(nodes.references(firstGroup, lastGroup));
  }

  /** Those of the sightings that are of keys in the key groups, in key order, each key once. */
  long[] sort(long[] found, int firstGroup, int lastGroup) {
    int kept = found.length;
    if (firstGroup > 0 || lastGroup < Integer.MAX_VALUE) {
      kept = 0;
      for (long sighting : found) {
        int group = nodes.group(Sighting.node(sighting));
        if (firstGroup <= group && group <= lastGroup) {
          found[kept++] = sighting;
        }
      }
    }
    return Sighting.distinct(new KeySorter(nodes).sort(found, kept));
  }
}
