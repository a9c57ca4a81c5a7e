package io.timelog.benchmarks.durable;

import io.timelog.benchmarks.engine.Bytes;

/** Which store has a key. */
final class KeyRouting {
  /** Engines look at the other bits of a key for places of their own. */
  private static final int SHIFT = 17;

  private KeyRouting() {}

  /**
   * The number of the store.
   *
   * @param key eight bytes, well mixed
   */
  static int storeOf(byte[] key, int stores) {
    return (int) Long.remainderUnsigned(Bytes.getLong(key, 0) >>> SHIFT, stores);
  }
}
