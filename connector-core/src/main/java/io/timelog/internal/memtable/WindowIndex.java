package io.timelog.internal.memtable;

/** What a window of the memtable finds rows by. */
public enum WindowIndex {
  /** The key: a scan of all keys looks at each. */
  KEY,
  /**
   * The key and the time, for {@value TimeIndex#PAIR_BYTES} bytes a row: a scan of all keys over a
   * range that is short against the window looks at those that got a row in it.
   */
  KEY_AND_TIME
}
