package io.timelog.internal.key;

import java.util.Objects;

/**
 * A key of one table: a span of a byte array, its hash and its key group.
 *
 * <p>A key does not copy its bytes. The writer reuses one instance for every operation through
 * {@link #set}; whoever keeps a key beyond the call takes {@link #copy()}. Not thread-safe.
 */
public final class Key {
  private static final byte[] NO_BYTES = new byte[0];

  private byte[] bytes = NO_BYTES;
  private int offset;
  private int length;
  private int hash;
  private int group;

  /** Points this key at the span; the hash is computed here. Returns this. */
  public Key set(byte[] keyBytes, int keyOffset, int keyLength, int keyGroup) {
    Objects.checkFromIndexSize(keyOffset, keyLength, keyBytes.length);
    bytes = keyBytes;
    offset = keyOffset;
    length = keyLength;
    hash = KeyHash.hash32(keyBytes, keyOffset, keyLength);
    group = keyGroup;
    return this;
  }

  /** A key over the whole array, in key group {@code keyGroup}. The array is not copied. */
  public static Key of(byte[] keyBytes, int keyGroup) {
    return new Key().set(keyBytes, 0, keyBytes.length, keyGroup);
  }

  /** A key with bytes of its own. */
  public Key copy() {
    byte[] own = new byte[length];
    System.arraycopy(bytes, offset, own, 0, length);
    return new Key().set(own, 0, length, group);
  }

  /** The array that holds the key; its first byte is at {@link #offset()}. */
  public byte[] bytes() {
    return bytes;
  }

  /** Index of the first byte in {@link #bytes()}. */
  public int offset() {
    return offset;
  }

  /** Length in bytes. */
  public int length() {
    return length;
  }

  /** {@link KeyHash#hash32} of the bytes. */
  public int hash() {
    return hash;
  }

  /** The key group, zero or more; zero where the table has no key groups. */
  public int group() {
    return group;
  }
}
