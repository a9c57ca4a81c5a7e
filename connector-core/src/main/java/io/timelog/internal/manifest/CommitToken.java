package io.timelog.internal.manifest;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What the application gave to a commit: up to {@value #MAX_BYTES} bytes that mean nothing here.
 */
public final class CommitToken {
  /** The longest token. */
  public static final int MAX_BYTES = 64 << 10;

  /** A token of no bytes. */
  public static final CommitToken EMPTY = new CommitToken(new byte[0]);

  private final byte[] bytes;

  private CommitToken(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * A token of these bytes, which are copied.
   *
   * @throws IllegalArgumentException if there are more than {@link #MAX_BYTES}
   */
  public static CommitToken of(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "A commit token is too long: length=" + bytes.length + ", max=" + MAX_BYTES);
    }
    return new CommitToken(bytes.clone());
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The bytes themselves, which can only be read. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** The number of bytes. */
  public int length() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CommitToken token && Arrays.equals(bytes, token.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
