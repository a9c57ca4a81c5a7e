package io.timelog.benchmarks.reopen;

/**
 * What a state holds.
 *
 * @param keys drawn uniformly
 * @param valueBytes length of a value, a multiple of eight
 * @param entries that are committed
 */
public record StateShape(int keys, int valueBytes, long entries) {
  private static final int KEY_BYTES = 8;

  /** As many entries as have so many bytes of keys and values. */
  public static StateShape ofBytes(int keys, int valueBytes, long bytes) {
    return new StateShape(keys, valueBytes, bytes / (KEY_BYTES + valueBytes));
  }

  /** Bytes of keys and values. */
  public long bytes() {
    return entries * (KEY_BYTES + valueBytes);
  }
}
