package io.timelog.internal.read;

import io.timelog.internal.key.KeyOrder;
import java.nio.ByteBuffer;
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

  /** Whether a key, which is of one of the groups, lies between the two keys. */
  boolean contains(ByteBuffer key, int offset, int length) {
    return (firstKey == null
            || KeyOrder.compare(key, offset, length, firstKey, 0, firstKey.length) >= 0)
        && (lastKey == null
            || KeyOrder.compare(key, offset, length, lastKey, 0, lastKey.length) <= 0);
  }
}
