package io.timelog.flink.internal.stream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A time for each of the keys that were noted last. It forgets keys, of which two share a slot, so
 * it may only spare work that does no harm when it is done again.
 *
 * @param <K> the type of the keys
 */
final class RecentTimes<K> {
  /** What is said of a key that is not known. */
  static final long UNKNOWN = Long.MAX_VALUE;

  private static final int SLOTS = 1 << 12;

  private final @Nullable Object[] keys = new Object[SLOTS];
  private final long[] times = new long[SLOTS];

  RecentTimes() {
    Arrays.fill(times, UNKNOWN);
  }

  /** The time that was noted of a key, or {@link #UNKNOWN}. */
  long of(K key) {
    int slot = slot(key);
    return key.equals(keys[slot]) ? times[slot] : UNKNOWN;
  }

  /** Notes a time of a key. */
  void put(K key, long time) {
    int slot = slot(key);
    keys[slot] = key;
    times[slot] = time;
  }

  /** Forgets a key. */
  void forget(K key) {
    int slot = slot(key);
    if (key.equals(keys[slot])) {
      keys[slot] = null;
      times[slot] = UNKNOWN;
    }
  }

  private static int slot(Object key) {
    int hash = key.hashCode() * 0x9E3779B9;
    return hash >>> (Integer.SIZE - 12);
  }
}
