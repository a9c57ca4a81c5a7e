package io.timelog.benchmarks.engine;

/** Takes entries. Keys are eight bytes. */
@FunctionalInterface
public interface EntrySink {
  /**
   * Adds one entry.
   *
   * @param key eight bytes; may be kept
   * @param timestamp not below any cutoff given before
   * @param value may be kept
   */
  void append(byte[] key, long timestamp, byte[] value);
}
