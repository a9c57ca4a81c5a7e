package io.timelog.internal.memtable;

/**
 * The smallest and the largest timestamp that a window was ever given, each with the hash of a key
 * that got it. Rows may be gone since, or too new for a reader, so these are bounds and a hint
 * where to look: a row found there is the first one of the window.
 *
 * <p>One thread notes. A reader sees at least what was noted before its version ended.
 */
final class TimeExtremes {
  /*
   * Plain fields. A reader may see a timestamp with the hash of another one, and then finds no row
   * there or, if it finds one, one with exactly this timestamp. The hash and not the node, because
   * nodes move.
   */
  private long oldest = Long.MAX_VALUE;
  private long newest = Long.MIN_VALUE;
  private int oldestHash;
  private int newestHash;

  /** A key of this hash gets a row. */
  void note(int hash, long timestamp) {
    if (timestamp <= oldest) {
      oldest = timestamp;
      oldestHash = hash;
    }
    if (timestamp >= newest) {
      newest = timestamp;
      newestHash = hash;
    }
  }

  long oldest() {
    return oldest;
  }

  int oldestHash() {
    return oldestHash;
  }

  long newest() {
    return newest;
  }

  int newestHash() {
    return newestHash;
  }
}
