package io.timelog.flink.internal.bucket;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map from timestamps to values, of the current key. Fails with unchecked exceptions. */
interface Buckets<V> {
  /** The values at a timestamp, as the backend has them; null if there is no bucket. */
  @Nullable List<V> get(long timestamp);

  /** Puts values in the place of those at a timestamp. */
  void put(long timestamp, List<V> values);

  /** Removes the values at a timestamp. */
  void remove(long timestamp);

  /** Removes all values. */
  void clear();

  /** The buckets, in any order; those without values, and null, among them. */
  Iterable<Map.Entry<Long, List<V>>> entries();

  /** The timestamps of the buckets, in any order. */
  Iterable<Long> timestamps();
}
