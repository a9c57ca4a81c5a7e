package io.timelog.kafka.internal.format;

import org.jspecify.annotations.Nullable;

/**
 * Checks whether bytes can be a value in a format of Kafka Streams. Integers are big-endian, but
 * for {@code n}, which is a signed varint as Kafka's {@code ByteUtils} writes it.
 *
 * <pre>
 *   format                 layout
 *   timestamped            timestamp (8), value
 *   with headers           n (1 to 5), headers (n), timestamp (8), value
 *   aggregate of a session
 *   with headers           n (1 to 5), headers (n), aggregate
 * </pre>
 *
 * <p>Only lengths are looked at: what fails here could never be read, and the rest costs too much
 * to be looked at in a restore. Null, which deletes, is good in every format.
 */
public final class ValueBytes {
  private static final int MAX_VARINT_BYTES = 5;

  private ValueBytes() {}

  /**
   * Checks a value with its timestamp.
   *
   * @throws IllegalArgumentException if it is too short
   */
  public static void checkTimestamped(byte @Nullable [] value) {
    if (value != null && value.length < Long.BYTES) {
      throw new IllegalArgumentException(
          "Value is too short for its timestamp: length="
              + value.length
              + ", minimum="
              + Long.BYTES);
    }
  }

  /**
   * Checks a value with its headers and timestamp.
   *
   * @throws IllegalArgumentException if it is too short
   */
  public static void checkWithHeaders(byte @Nullable [] value) {
    checkHeaders(value, Long.BYTES, "its headers and timestamp");
  }

  /**
   * Checks an aggregate with its headers.
   *
   * @throws IllegalArgumentException if it is too short
   */
  public static void checkAggregateWithHeaders(byte @Nullable [] aggregate) {
    checkHeaders(aggregate, 0, "its headers");
  }

  private static void checkHeaders(byte @Nullable [] value, int bytesBehind, String what) {
    if (value == null) {
      return;
    }
    int zigzag = 0;
    int position = 0;
    byte last = -1;
    while (last < 0 && position < value.length && position < MAX_VARINT_BYTES) {
      last = value[position];
      zigzag |= (last & 0x7F) << (7 * position);
      position++;
    }
    int headersLength = (zigzag >>> 1) ^ -(zigzag & 1);
    if (last < 0 || headersLength < 0) {
      throw new IllegalArgumentException(
          "Value does not begin with the length of its headers: length=" + value.length);
    }
    long minimum = (long) position + headersLength + bytesBehind;
    if (value.length < minimum) {
      throw new IllegalArgumentException(
          "Value is too short for "
              + what
              + ": length="
              + value.length
              + ", headersLength="
              + headersLength
              + ", minimum="
              + minimum);
    }
  }
}
