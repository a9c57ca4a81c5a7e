package io.timelog.internal.tombstone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The tombstones of a table: closed ranges that are sorted and disjoint, adjacent ones joined where
 * they have the same version or might have. Immutable.
 *
 * <p>A later delete hides everything that an earlier one over the same range hides, so where two
 * overlap only the later one is kept. Whether a tombstone applies depends on the source of an entry
 * and not on the entry: {@code since} of a source is the first version whose tombstones apply to
 * it. For that the writer starts a new memtable window before it writes an entry into a range that
 * was deleted while the window was open.
 */
public final class Tombstones {
  /** No tombstones. */
  public static final Tombstones NONE = new Tombstones(new Tombstone[0]);

  private final Tombstone[] sorted;
  private final long newest;

  private Tombstones(Tombstone[] sorted) {
    this(sorted, newestOf(sorted));
  }

  private Tombstones(Tombstone[] sorted, long newest) {
    this.sorted = sorted;
    this.newest = newest;
  }

  private static long newestOf(Tombstone[] tombstones) {
    long newest = -1;
    for (Tombstone tombstone : tombstones) {
      newest = Math.max(newest, tombstone.version());
    }
    return newest;
  }

  /** Deletes that were {@linkplain #list listed} before. */
  public static Tombstones of(List<Tombstone> listed) {
    List<Tombstone> oldestFirst = new ArrayList<>(listed);
    oldestFirst.sort(Comparator.comparingLong(Tombstone::version));
    Tombstones all = NONE;
    for (Tombstone next : oldestFirst) {
      all = all.with(next);
    }
    return all;
  }

  /** These and one more, which is newer than all of these. */
  public Tombstones with(Tombstone added) {
    return with(added, old -> false);
  }

  /**
   * As {@link #with(Tombstone)}, joined with its neighbours where these would hide no more if they
   * were as new. Costs a search, and the copy of an array.
   *
   * @param mayBeAsNew whether a neighbour hides the same with the version of the added one
   */
  public Tombstones with(Tombstone added, Predicate<Tombstone> mayBeAsNew) {
    int from = firstNotBefore(added.first());
    int to = from;
    while (to < sorted.length && sorted[to].first() <= added.last()) {
      to++;
    }
    Tombstone left = null;
    Tombstone right = null;
    if (from < to && sorted[from].first() < added.first()) {
      left = new Tombstone(sorted[from].first(), added.first() - 1, sorted[from].version());
    } else if (from > 0 && sorted[from - 1].last() + 1 == added.first()) {
      left = sorted[--from];
    }
    if (from < to && sorted[to - 1].last() > added.last()) {
      right = new Tombstone(added.last() + 1, sorted[to - 1].last(), sorted[to - 1].version());
    } else if (to < sorted.length && added.last() + 1 == sorted[to].first()) {
      right = sorted[to++];
    }
    long first = added.first();
    long last = added.last();
    if (left != null && (left.version() == added.version() || mayBeAsNew.test(left))) {
      first = left.first();
      left = null;
    }
    if (right != null && (right.version() == added.version() || mayBeAsNew.test(right))) {
      last = right.last();
      right = null;
    }
    int rest = sorted.length - to;
    int between = 1 + (left == null ? 0 : 1) + (right == null ? 0 : 1);
    Tombstone[] result = new Tombstone[from + between + rest];
    System.arraycopy(sorted, 0, result, 0, from);
    int at = from;
    if (left != null) {
      result[at++] = left;
    }
    result[at++] = new Tombstone(first, last, added.version());
    if (right != null) {
      result[at++] = right;
    }
    System.arraycopy(sorted, to, result, at, rest);
    return new Tombstones(result, Math.max(newest, added.version()));
  }

  /** The number of the first that ends at or after a timestamp; their count if there is none. */
  private int firstNotBefore(long timestamp) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle].last() < timestamp) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The tombstones for which the predicate holds; this object if that is all of them. */
  public Tombstones keepIf(Predicate<Tombstone> predicate) {
    List<Tombstone> kept = new ArrayList<>(sorted.length);
    for (Tombstone tombstone : sorted) {
      if (predicate.test(tombstone)) {
        kept.add(tombstone);
      }
    }
    return kept.size() == sorted.length ? this : new Tombstones(kept.toArray(Tombstone[]::new));
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return sorted.length == 0;
  }

  /** In order of time. */
  public List<Tombstone> list() {
    return Collections.unmodifiableList(Arrays.asList(sorted));
  }

  /** Whether an entry at this timestamp in a source of this {@code since} is hidden. */
  public boolean hides(long timestamp, long since) {
    return versionAt(timestamp) >= since;
  }

  /** The version of the tombstone that covers the timestamp, or -1. */
  public long versionAt(long timestamp) {
    int index = firstNotBefore(timestamp);
    return index < sorted.length && sorted[index].first() <= timestamp
        ? sorted[index].version()
        : -1;
  }

  /**
   * Whether any of them may hide an entry of {@code [from, to]} in a source of this {@code since}.
   */
  public boolean touch(long from, long to, long since) {
    if (newest < since) {
      return false;
    }
    for (int i = firstNotBefore(from); i < sorted.length && sorted[i].first() <= to; i++) {
      if (sorted[i].version() >= since) {
        return true;
      }
    }
    return false;
  }

  /** Whether they hide all entries of {@code [from, to]} in a source of this {@code since}. */
  public boolean cover(long from, long to, long since) {
    long uncovered = from;
    for (int i = firstNotBefore(from); i < sorted.length; i++) {
      Tombstone tombstone = sorted[i];
      if (tombstone.first() > uncovered || tombstone.version() < since) {
        return false;
      }
      if (tombstone.last() >= to) {
        return true;
      }
      uncovered = tombstone.last() + 1;
    }
    return false;
  }

  /** The last timestamp that any of them covers; {@link Long#MIN_VALUE} if there are none. */
  public long lastCovered() {
    return sorted.length == 0 ? Long.MIN_VALUE : sorted[sorted.length - 1].last();
  }

  /** The newest version; -1 if there are none. */
  public long newestVersion() {
    return newest;
  }

  @Override
  public String toString() {
    return "Tombstones" + List.of(sorted);
  }
}
