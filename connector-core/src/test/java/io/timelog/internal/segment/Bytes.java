package io.timelog.internal.segment;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes as a value, ordered as unsigned numbers. */
final class Bytes implements Comparable<Bytes> {
  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  static Bytes of(byte... array) {
    return new Bytes(array.clone());
  }

  static Bytes of(ByteBuffer buffer, int offset, int length) {
    byte[] array = new byte[length];
    buffer.get(offset, array);
    return new Bytes(array);
  }

  int length() {
    return array.length;
  }

  byte[] array() {
    return array.clone();
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(array);
  }
}
