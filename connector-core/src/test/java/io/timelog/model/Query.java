package io.timelog.model;

import io.timelog.TimeRange;
import org.jspecify.annotations.Nullable;

/** A read of one table; {@code table} is its index in the workload. */
sealed interface Query {
  int table();

  /** A read that answers with entries. */
  sealed interface Scan extends Query {
    TimeRange range();

    Direction direction();
  }

  /** The entry of a map. */
  record Get(int table, Bytes key, long timestamp, Bytes subkey) implements Query {}

  /** How many entries a key has. */
  record Count(int table, Bytes key, TimeRange range) implements Query {}

  /** The smallest and the largest timestamp of the table. */
  record Extremes(int table) implements Query {}

  /** The entries of one key. */
  record OfKey(int table, Bytes key, TimeRange range, Direction direction) implements Scan {}

  /** The entries of all keys in time order. */
  record InTimeOrder(int table, TimeRange range, Direction direction) implements Scan {}

  /** The entries of the keys between two keys, in key order inside each partition window. */
  record InKeyOrder(
      int table,
      @Nullable Bytes firstKey,
      @Nullable Bytes lastKey,
      TimeRange range,
      Direction direction)
      implements Scan {
    boolean contains(ModelEntry entry) {
      return isBetween(entry, firstKey, lastKey);
    }
  }

  /** The entries of the keys between two keys, in key order. */
  record OfKeys(
      int table,
      @Nullable Bytes firstKey,
      @Nullable Bytes lastKey,
      TimeRange range,
      Direction direction)
      implements Scan {
    boolean contains(ModelEntry entry) {
      return isBetween(entry, firstKey, lastKey);
    }
  }

  private static boolean isBetween(
      ModelEntry entry, @Nullable Bytes firstKey, @Nullable Bytes lastKey) {
    return (firstKey == null || firstKey.compareTo(entry.key()) <= 0)
        && (lastKey == null || entry.key().compareTo(lastKey) <= 0);
  }

  /** The keys, in key order, each with its first entry in the direction. */
  record Keys(int table, TimeRange range, Direction direction) implements Scan {}

  /** The entries of some key groups, in key order. */
  record OfGroups(int table, int firstGroup, int lastGroup, TimeRange range, Direction direction)
      implements Scan {
    boolean contains(ModelEntry entry) {
      return firstGroup <= entry.group() && entry.group() <= lastGroup;
    }
  }
}
