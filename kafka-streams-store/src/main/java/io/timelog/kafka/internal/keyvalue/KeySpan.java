package io.timelog.kafka.internal.keyvalue;

import io.timelog.kafka.internal.keyvalue.sorted.KeyCursor;
import io.timelog.kafka.internal.scan.KeyRange;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Keys from a first one on, which is included, to an end, which may not be.
 *
 * @param first null if there is no bound
 * @param end null if there is no bound
 * @param endRule whether the end itself is in the range
 */
@SuppressWarnings("ArrayRecordComponent") // only carried from the caller to one iterator
record KeySpan(byte @Nullable [] first, byte @Nullable [] end, EndRule endRule) {
  /** Whether the end of a range belongs to it. */
  enum EndRule {
    INCLUDED,
    EXCLUDED
  }

  private static final byte[] SMALLEST_KEY = {};

  /** The keys between two, as Kafka says it; none if they are in the wrong order. */
  static KeySpan between(@Nullable Bytes first, @Nullable Bytes last) {
    KeyRange range = KeyRange.of(first, last);
    return range.isInverted()
        ? empty()
        : new KeySpan(range.first(), range.last(), EndRule.INCLUDED);
  }

  /** No keys. */
  private static KeySpan empty() {
    return new KeySpan(SMALLEST_KEY, SMALLEST_KEY, EndRule.EXCLUDED);
  }

  /** The keys that begin with {@code prefix}. */
  static KeySpan startingWith(byte[] prefix) {
    return new KeySpan(prefix, successor(prefix), EndRule.EXCLUDED);
  }

  /** The first key behind all that begin with the prefix; null if there is none. */
  private static byte @Nullable [] successor(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != -1) {
        byte[] successor = Arrays.copyOf(prefix, i + 1);
        successor[i]++;
        return successor;
      }
    }
    return null;
  }

  /** Whether the key at the cursor is not behind the end. */
  boolean endsNotBefore(KeyCursor cursor) {
    if (end == null) {
      return true;
    }
    int order = cursor.compareTo(end);
    return endRule == EndRule.INCLUDED ? order <= 0 : order < 0;
  }

  /** Whether the key at the cursor is not before the first. */
  boolean startsNotAfter(KeyCursor cursor) {
    return first == null || cursor.compareTo(first) >= 0;
  }
}
