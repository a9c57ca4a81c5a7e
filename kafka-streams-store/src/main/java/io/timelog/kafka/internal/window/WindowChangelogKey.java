package io.timelog.kafka.internal.window;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Layout of a key in the changelog of a window store, which is the same for all window stores of
 * Kafka Streams. Integers are big-endian; {@code n} is the length of the record key.
 *
 * <pre>
 *   offset   size  field      meaning
 *        0      n  key        the record key
 *        n      8  timestamp  start of the window, milliseconds since the epoch
 *      n+8      4  sequence   tells duplicates apart, 0 where there are none
 * </pre>
 */
final class WindowChangelogKey {
  private static final int SEQUENCE_BYTES = Integer.BYTES;
  private static final int SUFFIX_BYTES = Long.BYTES + SEQUENCE_BYTES;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private WindowChangelogKey() {}

  /** The key without a sequence, which is also how Kafka's cache sees it. */
  static Bytes of(Bytes key, long windowStart) {
    byte[] recordKey = key.get();
    byte[] changelogKey = Arrays.copyOf(recordKey, recordKey.length + SUFFIX_BYTES);
    LONG.set(changelogKey, recordKey.length, windowStart);
    return Bytes.wrap(changelogKey);
  }

  /**
   * The length of the record key, which stands at offset 0.
   *
   * @throws IllegalArgumentException if this is not the key of a window store's changelog
   */
  static int recordKeyLength(byte @Nullable [] changelogKey) {
    if (changelogKey == null || changelogKey.length < SUFFIX_BYTES) {
      throw new IllegalArgumentException(
          "Changelog key is too short for a window store: length="
              + (changelogKey == null ? "null" : changelogKey.length)
              + ", minimum="
              + SUFFIX_BYTES);
    }
    return changelogKey.length - SUFFIX_BYTES;
  }

  /**
   * The start of the window.
   *
   * @throws IllegalArgumentException if this is not the key of a window store's changelog
   */
  static long windowStart(byte[] changelogKey) {
    return (long) LONG.get(changelogKey, recordKeyLength(changelogKey));
  }
}
