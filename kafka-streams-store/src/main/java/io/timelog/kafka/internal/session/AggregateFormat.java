package io.timelog.kafka.internal.session;

import io.timelog.kafka.internal.format.ValueBytes;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of an aggregate are. The store does not look into them but to check what comes
 * from a changelog; Kafka Streams asks, because it converts what it reads there into this format.
 */
public enum AggregateFormat {
  /** The serialized aggregate. */
  PLAIN,
  /** Record headers after their size as a varint, then the serialized aggregate. */
  HEADERS;

  /**
   * Checks what is cheap to check.
   *
   * @throws IllegalArgumentException if these bytes cannot be an aggregate in this format
   */
  void check(byte @Nullable [] aggregate) {
    switch (this) {
      case PLAIN -> {}
      case HEADERS -> ValueBytes.checkAggregateWithHeaders(aggregate);
    }
  }
}
