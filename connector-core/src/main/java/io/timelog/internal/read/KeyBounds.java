package io.timelog.internal.read;

import io.timelog.internal.key.KeyOrder;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a scan visits: those in a range of key groups and in a range of keys. All bounds
 * are inclusive.
 *
 * @param firstKey null for no lower bound
 * @param lastKey null for no upper bound
 */
@SuppressWarnings("ArrayRecordComponent") // only carried from the caller to one scan
public record KeyBounds(
    int firstGroup, int lastGroup, byte @Nullable [] firstKey, byte @Nullable [] lastKey) {
  /** Every key. */
  public static KeyBounds all() {
    return new KeyBounds(0, Integer.MAX_VALUE, null, null);
  }

  /** The keys between two keys. */
  public static KeyBounds keys(byte @Nullable [] firstKey, byte @Nullable [] lastKey) {
    return new KeyBounds(0, Integer.MAX_VALUE, firstKey, lastKey);
  }

  /** The keys of some key groups. */
  public static KeyBounds groups(int firstGroup, int lastGroup) {
    return new KeyBounds(firstGroup, lastGroup, null, null);
  }

  /** Whether the current key, which is of one of the groups, lies between the two keys. */
  boolean contains(KeyMerge key) {
    return (firstKey == null || compare(key, firstKey) >= 0)
        && (lastKey == null || compare(key, lastKey) <= 0);
  }

  private static int compare(KeyMerge key, byte[] bound) {
    return KeyOrder.compare(
        key.keyBuffer(), key.keyOffset(), key.keyLength(), bound, 0, bound.length);
  }
}
