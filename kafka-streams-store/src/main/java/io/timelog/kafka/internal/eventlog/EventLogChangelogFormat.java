package io.timelog.kafka.internal.eventlog;

import io.timelog.TimeRange;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Layout of a record in the changelog of an event-log store. The first byte of its key says what it
 * is. Integers are big-endian; {@code n} is the length of the entry's key.
 *
 * <pre>
 *   what             key of the record                       value of the record
 *   entry            1 (1), timestamp (8), entry's key (n)   the entry's value
 *   delete before    2 (1)                                   timestamp (8), itself not deleted
 *   delete range     3 (1)                                   first (8), last (8), both deleted
 *   the same, a key  4 (1), entry's key (n)                  first (8), last (8), both deleted
 * </pre>
 *
 * <p>Records mean what they mean in their order, so the topic must not be compacted.
 */
final class EventLogChangelogFormat {
  static final byte ENTRY = 1;
  static final byte DELETE_BEFORE = 2;
  static final byte DELETE_RANGE = 3;
  static final byte DELETE_KEY_RANGE = 4;

  /** Where the entry's key stands in the key of an {@link #ENTRY}. */
  static final int ENTRY_KEY = 1 + Long.BYTES;

  /** Where the entry's key stands in the key of a {@link #DELETE_KEY_RANGE}. */
  private static final int DELETED_KEY = 1;

  private static final int ENTRY_TIMESTAMP = 1;
  private static final int RANGE_LAST = Long.BYTES;
  private static final int RANGE_BYTES = 2 * Long.BYTES;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private EventLogChangelogFormat() {}

  static byte[] entryKey(byte[] key, long timestamp) {
    byte[] recordKey = new byte[ENTRY_KEY + key.length];
    recordKey[0] = ENTRY;
    LONG.set(recordKey, ENTRY_TIMESTAMP, timestamp);
    System.arraycopy(key, 0, recordKey, ENTRY_KEY, key.length);
    return recordKey;
  }

  /** The key of a {@link #DELETE_BEFORE} or a {@link #DELETE_RANGE}. */
  static byte[] controlKey(byte kind) {
    return new byte[] {kind};
  }

  static byte[] deletedKey(byte[] key) {
    byte[] recordKey = new byte[DELETED_KEY + key.length];
    recordKey[0] = DELETE_KEY_RANGE;
    System.arraycopy(key, 0, recordKey, DELETED_KEY, key.length);
    return recordKey;
  }

  static byte[] cutoff(long timestamp) {
    byte[] value = new byte[Long.BYTES];
    LONG.set(value, 0, timestamp);
    return value;
  }

  static byte[] range(TimeRange range) {
    byte[] value = new byte[RANGE_BYTES];
    LONG.set(value, 0, range.first());
    LONG.set(value, RANGE_LAST, range.last());
    return value;
  }

  /**
   * What a record is, after a look at its key and value.
   *
   * @throws IllegalArgumentException if it is not from the changelog of an event-log store
   */
  static byte kind(byte @Nullable [] recordKey, byte @Nullable [] recordValue) {
    if (recordKey == null || recordKey.length == 0 || recordValue == null) {
      throw foreign("a key or a value is missing", recordKey, recordValue);
    }
    byte kind = recordKey[0];
    boolean fits =
        switch (kind) {
          case ENTRY -> recordKey.length >= ENTRY_KEY;
          case DELETE_BEFORE -> recordKey.length == 1 && recordValue.length == Long.BYTES;
          case DELETE_RANGE -> recordKey.length == 1 && recordValue.length == RANGE_BYTES;
          case DELETE_KEY_RANGE -> recordValue.length == RANGE_BYTES;
          default -> throw foreign("unknown kind of record", recordKey, recordValue);
        };
    if (!fits) {
      throw foreign("wrong length", recordKey, recordValue);
    }
    if ((kind == DELETE_RANGE || kind == DELETE_KEY_RANGE) && isInverted(recordValue)) {
      throw foreign("a range that ends before it begins", recordKey, recordValue);
    }
    return kind;
  }

  private static boolean isInverted(byte[] range) {
    return (long) LONG.get(range, 0) > (long) LONG.get(range, RANGE_LAST);
  }

  private static IllegalArgumentException foreign(
      String what, byte @Nullable [] recordKey, byte @Nullable [] recordValue) {
    return new IllegalArgumentException(
        "Not a changelog record of an event-log store, "
            + what
            + ": kind="
            + (recordKey == null || recordKey.length == 0 ? "none" : recordKey[0])
            + ", keyLength="
            + (recordKey == null ? "null" : recordKey.length)
            + ", valueLength="
            + (recordValue == null ? "null" : recordValue.length));
  }

  static long entryTimestamp(byte[] recordKey) {
    return (long) LONG.get(recordKey, ENTRY_TIMESTAMP);
  }

  static byte[] keyOfDelete(byte[] recordKey) {
    return Arrays.copyOfRange(recordKey, DELETED_KEY, recordKey.length);
  }

  static long readCutoff(byte[] recordValue) {
    return (long) LONG.get(recordValue, 0);
  }

  static TimeRange readRange(byte[] recordValue) {
    return TimeRange.closed(
        (long) LONG.get(recordValue, 0), (long) LONG.get(recordValue, RANGE_LAST));
  }
}
