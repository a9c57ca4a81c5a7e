package io.timelog.internal.tombstone;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The tombstones of a table in canonical form: closed ranges that are sorted and disjoint, adjacent
 * ones of the same version joined. Immutable.
 *
 * <p>A later delete hides everything that an earlier one over the same range hides, so where two
 * overlap only the later one is kept. Whether a tombstone applies depends on the source of an entry
 * and not on the entry: {@code since} of a source is the first version whose tombstones apply to
 * it. For that the writer starts a new memtable window before it writes an entry into a range that
 * was deleted while the window was open.
 */
public final class Tombstones {
  /** No tombstones. */
  public static final Tombstones NONE = new Tombstones(List.of());

  private final Tombstone[] sorted;

  private Tombstones(List<Tombstone> sorted) {
    this.sorted = sorted.toArray(Tombstone[]::new);
  }

  /** These and one more, which is newer than all of these. */
  public Tombstones with(Tombstone added) {
    List<Tombstone> result = new ArrayList<>(sorted.length + 2);
    for (Tombstone old : sorted) {
      if (!old.overlaps(added.first(), added.last())) {
        result.add(old);
        continue;
      }
      if (old.first() < added.first()) {
        result.add(new Tombstone(old.first(), added.first() - 1, old.version()));
      }
      if (old.last() > added.last()) {
        result.add(new Tombstone(added.last() + 1, old.last(), old.version()));
      }
    }
    result.add(added);
    result.sort((left, right) -> Long.compare(left.first(), right.first()));
    return new Tombstones(joined(result));
  }

  private static List<Tombstone> joined(List<Tombstone> ordered) {
    List<Tombstone> result = new ArrayList<>(ordered.size());
    for (Tombstone next : ordered) {
      Tombstone before = result.isEmpty() ? null : result.get(result.size() - 1);
      if (before != null
          && before.version() == next.version()
          && before.last() != Long.MAX_VALUE
          && before.last() + 1 == next.first()) {
        result.set(result.size() - 1, new Tombstone(before.first(), next.last(), next.version()));
      } else {
        result.add(next);
      }
    }
    return result;
  }

  /** The tombstones for which the predicate holds; this object if that is all of them. */
  public Tombstones keepIf(Predicate<Tombstone> predicate) {
    List<Tombstone> kept = new ArrayList<>(sorted.length);
    for (Tombstone tombstone : sorted) {
      if (predicate.test(tombstone)) {
        kept.add(tombstone);
      }
    }
    return kept.size() == sorted.length ? this : new Tombstones(kept);
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return sorted.length == 0;
  }

  /** In order of time. */
  public List<Tombstone> list() {
    return List.of(sorted);
  }

  /** Whether an entry at this timestamp in a source of this {@code since} is hidden. */
  public boolean hides(long timestamp, long since) {
    return versionAt(timestamp) >= since;
  }

  /** The version of the tombstone that covers the timestamp, or -1. */
  public long versionAt(long timestamp) {
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Tombstone tombstone = sorted[middle];
      if (timestamp < tombstone.first()) {
        high = middle - 1;
      } else if (timestamp > tombstone.last()) {
        low = middle + 1;
      } else {
        return tombstone.version();
      }
    }
    return -1;
  }

  /**
   * Whether any of them may hide an entry of {@code [from, to]} in a source of this {@code since}.
   */
  public boolean touch(long from, long to, long since) {
    for (Tombstone tombstone : sorted) {
      if (tombstone.version() >= since && tombstone.overlaps(from, to)) {
        return true;
      }
    }
    return false;
  }

  /** Whether they hide all entries of {@code [from, to]} in a source of this {@code since}. */
  public boolean cover(long from, long to, long since) {
    long uncovered = from;
    for (Tombstone tombstone : sorted) {
      if (tombstone.last() < uncovered) {
        continue;
      }
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
    long newest = -1;
    for (Tombstone tombstone : sorted) {
      newest = Math.max(newest, tombstone.version());
    }
    return newest;
  }

  @Override
  public String toString() {
    return "Tombstones" + List.of(sorted);
  }
}
