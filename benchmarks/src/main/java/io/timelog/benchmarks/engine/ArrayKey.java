package io.timelog.benchmarks.engine;

import java.util.Arrays;

/** A byte array as a key of a hash map. */
final class ArrayKey {
  private final byte[] bytes;
  private final int hash;

  ArrayKey(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArrayKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
