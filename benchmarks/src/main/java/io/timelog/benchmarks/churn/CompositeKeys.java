package io.timelog.benchmarks.churn;

import io.timelog.benchmarks.engine.Bytes;
import java.util.Arrays;

/** Keys of a {@link ByteMap}: eight bytes of key, eight of timestamp, and the subkey. */
final class CompositeKeys {
  static final int TIMESTAMP_OFFSET = Long.BYTES;
  static final int SUBKEY_OFFSET = 2 * Long.BYTES;

  private CompositeKeys() {}

  /** Of an entry. */
  static byte[] of(byte[] key, long timestamp, byte[] subkey) {
    byte[] composite = Arrays.copyOf(key, SUBKEY_OFFSET + subkey.length);
    Bytes.putLong(composite, TIMESTAMP_OFFSET, timestamp);
    System.arraycopy(subkey, 0, composite, SUBKEY_OFFSET, subkey.length);
    return composite;
  }

  /** Before all entries of a key from {@code timestamp} on. */
  static byte[] first(byte[] key, long timestamp) {
    byte[] composite = Arrays.copyOf(key, SUBKEY_OFFSET);
    Bytes.putLong(composite, TIMESTAMP_OFFSET, timestamp);
    return composite;
  }

  /** Before all entries of a key group. */
  static byte[] firstOfGroup(int group) {
    return new byte[] {(byte) group};
  }

  /** Before all entries of the keys behind that of {@code composite}. */
  static byte[] nextKey(byte[] composite) {
    byte[] next = new byte[Long.BYTES];
    Bytes.putLong(next, 0, Bytes.getLong(composite, 0) + 1);
    return next;
  }

  static byte[] key(byte[] composite) {
    return Arrays.copyOf(composite, TIMESTAMP_OFFSET);
  }

  static long timestamp(byte[] composite) {
    return Bytes.getLong(composite, TIMESTAMP_OFFSET);
  }

  static byte[] subkey(byte[] composite) {
    return Arrays.copyOfRange(composite, SUBKEY_OFFSET, composite.length);
  }
}
