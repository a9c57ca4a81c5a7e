package io.timelog;

import java.nio.ByteBuffer;

/**
 * How the keys of a table fall into key groups, the unit in which stream processors move state
 * between workers. A key group is the first one or two bytes of the key, as an unsigned big-endian
 * number, the way Flink writes composite keys; so the order of key groups is the order of keys, and
 * the entries of a key group lie together.
 */
public enum KeyGroups {
  /** Every key is in key group 0. */
  NONE(0),
  /** The first byte of the key, 0 to 255. */
  FIRST_BYTE(1),
  /** The first two bytes of the key, 0 to 65,535. */
  FIRST_TWO_BYTES(2);

  private final int prefixBytes;

  KeyGroups(int prefixBytes) {
    this.prefixBytes = prefixBytes;
  }

  /** How many bytes of the key name its group. */
  public int prefixBytes() {
    return prefixBytes;
  }

  /**
   * The key group of the key.
   *
   * @throws IllegalArgumentException if the key is shorter than the prefix
   */
  public int groupOf(byte[] key, int offset, int length) {
    if (prefixBytes == 0) {
      return 0;
    }
    requireLength(length);
    int high = key[offset] & 0xFF;
    return prefixBytes == 1 ? high : (high << Byte.SIZE) | (key[offset + 1] & 0xFF);
  }

  /**
   * The key group of a key in a buffer; as {@link #groupOf(byte[], int, int)}.
   *
   * @throws IllegalArgumentException if the key is shorter than the prefix
   */
  public int groupOf(ByteBuffer key, int offset, int length) {
    if (prefixBytes == 0) {
      return 0;
    }
    requireLength(length);
    int high = key.get(offset) & 0xFF;
    return prefixBytes == 1 ? high : (high << Byte.SIZE) | (key.get(offset + 1) & 0xFF);
  }

  private void requireLength(int length) {
    if (length < prefixBytes) {
      throw new IllegalArgumentException(
          "A key must start with its key group: keyLength="
              + length
              + ", prefixBytes="
              + prefixBytes);
    }
  }
}
