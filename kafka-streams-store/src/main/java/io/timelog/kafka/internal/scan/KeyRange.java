package io.timelog.kafka.internal.scan;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A range of keys, both ends included; null means unbounded.
 *
 * @param first the smallest key
 * @param last the largest key
 */
@SuppressWarnings("ArrayRecordComponent") // only carried from the caller to one scan
public record KeyRange(byte @Nullable [] first, byte @Nullable [] last) {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRange.class);

  /** As Kafka says it. */
  public static KeyRange of(@Nullable Bytes first, @Nullable Bytes last) {
    return new KeyRange(first == null ? null : first.get(), last == null ? null : last.get());
  }

  /** Every key. */
  public static KeyRange all() {
    return new KeyRange(null, null);
  }

  /** Whether every key is in the range. */
  public boolean isUnbounded() {
    return first == null && last == null;
  }

  /** Whether the key between position and limit is in the range. */
  public boolean contains(ByteBuffer key) {
    return (first == null || KeyOrder.compare(key, ByteBuffer.wrap(first)) >= 0)
        && (last == null || KeyOrder.compare(key, ByteBuffer.wrap(last)) <= 0);
  }

  /** Whether the range is one key. */
  public boolean isOneKey() {
    return first != null && Arrays.equals(first, last);
  }

  /** Whether no key lies in the range. Says so in the log, in Kafka's words. */
  public boolean isInverted() {
    if (first == null || last == null || Arrays.compareUnsigned(first, last) <= 0) {
      return false;
    }
    LOG.warn(
        "Returning empty iterator for fetch with invalid key range: from > to. This may be due to"
            + " range arguments set in the wrong order, or serdes that don't preserve ordering"
            + " when lexicographically comparing the serialized bytes. Note that the built-in"
            + " numerical serdes do not follow this for negative numbers");
    return true;
  }
}
