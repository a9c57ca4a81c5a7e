package io.timelog.kafka.internal.window;

import io.timelog.kafka.internal.format.ValueBytes;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of a value are. The store does not look into them but to check what comes from a
 * changelog; Kafka Streams asks, because it converts what it reads there into this format.
 */
public enum ValueFormat {
  /** The serialized value. */
  PLAIN,
  /** The timestamp of the newest record in the value, 8 bytes, then the serialized value. */
  TIMESTAMPED,
  /** The headers of that record after their size as a varint, then as {@link #TIMESTAMPED}. */
  HEADERS;

  /**
   * Checks what is cheap to check.
   *
   * @throws IllegalArgumentException if these bytes cannot be a value in this format
   */
  void check(byte @Nullable [] value) {
    switch (this) {
      case PLAIN -> {}
      case TIMESTAMPED -> ValueBytes.checkTimestamped(value);
      case HEADERS -> ValueBytes.checkWithHeaders(value);
    }
  }
}
