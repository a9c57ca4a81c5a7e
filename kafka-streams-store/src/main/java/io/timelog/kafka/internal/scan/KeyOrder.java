package io.timelog.kafka.internal.scan;

import java.nio.ByteBuffer;

/** The order of keys: by their bytes as unsigned numbers. */
final class KeyOrder {
  private KeyOrder() {}

  /** The order of what lies between position and limit, as a comparator tells it. */
  static int compare(ByteBuffer one, ByteBuffer other) {
    int difference = one.mismatch(other);
    return difference < 0 || difference == Math.min(one.remaining(), other.remaining())
        ? one.remaining() - other.remaining()
        : Byte.toUnsignedInt(one.get(one.position() + difference))
            - Byte.toUnsignedInt(other.get(other.position() + difference));
  }
}
