package io.timelog.benchmarks.engine;

/** The sum by which engines show that they read the same entries, in the same order. */
public final class Checksum {
  private Checksum() {}

  /**
   * What one entry adds. The position in the scan weighs it, so that a wrong order is noticed.
   *
   * @param position 0 for the first entry of the scan
   * @param word the first eight bytes of the value, big-endian
   */
  public static long term(int position, long timestamp, long word) {
    return (timestamp ^ word) * (2L * position + 1);
  }
}
