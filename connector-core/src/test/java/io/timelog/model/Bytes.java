package io.timelog.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable array of bytes with value equality, ordered as unsigned numbers. The array is shared
 * with whoever made it, and nobody writes to it.
 */
final class Bytes implements Comparable<Bytes> {
  static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  static Bytes of(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  static Bytes of(String ascii) {
    return of(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  byte[] array() {
    return array;
  }

  int length() {
    return array.length;
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

  /** The bytes in hexadecimal, with the middle left out when there are many. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return array.length <= 20
        ? "x" + hex.formatHex(array)
        : "x" + hex.formatHex(array, 0, 16) + "...(" + array.length + " bytes)";
  }
}
