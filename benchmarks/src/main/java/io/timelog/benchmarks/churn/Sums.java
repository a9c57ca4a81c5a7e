package io.timelog.benchmarks.churn;

import java.util.Arrays;

/** The sums by which engines show that they read the same. */
final class Sums {
  private Sums() {}

  /**
   * What one entry adds to the sum of a scan.
   *
   * @param position weighs it, so that a wrong order is noticed; 0 where the order is the engine's
   * @param first byte of the value; 0 if it is empty
   */
  static long term(int position, long timestamp, int valueLength, int first) {
    return (timestamp * 31 + valueLength * 257L + first) * (2L * position + 1);
  }

  /** As {@link #term(int, long, int, int)}, of a value in an array. */
  static long term(int position, long timestamp, byte[] value) {
    return term(position, timestamp, value.length, value.length == 0 ? 0 : value[0]);
  }

  /** What one entry adds to the sum of {@link Contents}: depends on all bytes. */
  static long entry(byte[] key, long timestamp, byte[] subkey, byte[] value) {
    long hash = Arrays.hashCode(key);
    hash = hash * 0x9E3779B97F4A7C15L + timestamp;
    hash = hash * 0x9E3779B97F4A7C15L + Arrays.hashCode(subkey);
    hash = hash * 0x9E3779B97F4A7C15L + Arrays.hashCode(value);
    return hash ^ (hash >>> 29);
  }
}
