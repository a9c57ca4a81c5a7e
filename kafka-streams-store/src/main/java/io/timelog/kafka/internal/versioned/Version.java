package io.timelog.kafka.internal.versioned;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.kafka.streams.state.VersionedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Layout of the value of an entry. Integers are big-endian.
 *
 * <pre>
 *   offset   size  field      meaning
 *        0      8  validFrom  the timestamp of the record, milliseconds since the epoch
 *        8         value      to the end
 * </pre>
 *
 * <p>That is what Kafka Streams takes for a value with its timestamp, so it is handed out as it is.
 * An entry with no bytes at all is a mark: before its time, back to the entry before it, the key
 * had no value.
 */
final class Version {
  /** The time of the latest version, which no other has taken the place of. */
  static final long LATEST = Long.MAX_VALUE;

  /** The value of an entry that is a mark. */
  static final byte[] MARK = {};

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Version() {}

  static byte[] of(long validFrom, byte[] value) {
    byte[] version = new byte[Long.BYTES + value.length];
    LONG.set(version, 0, validFrom);
    System.arraycopy(value, 0, version, Long.BYTES, value.length);
    return version;
  }

  static boolean isMark(byte[] version) {
    return version.length == 0;
  }

  /** Since when the version, which is no mark, is valid. */
  static long validFrom(byte[] version) {
    return (long) LONG.get(version, 0);
  }

  /**
   * The version, which is no mark, as Kafka Streams answers queries with it; null if it is null.
   */
  static @Nullable VersionedRecord<byte[]> record(byte @Nullable [] version, long validTo) {
    if (version == null) {
      return null;
    }
    byte[] value = Arrays.copyOfRange(version, Long.BYTES, version.length);
    return validTo == LATEST
        ? new VersionedRecord<>(value, validFrom(version))
        : new VersionedRecord<>(value, validFrom(version), validTo);
  }
}
