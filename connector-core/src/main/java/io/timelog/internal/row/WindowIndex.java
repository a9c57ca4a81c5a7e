package io.timelog.internal.row;

/** What a partition window finds rows by, in the memtable and in segments. */
public enum WindowIndex {
  /** The key: a scan of all keys looks at each. */
  KEY,
  /**
   * The key and the time, for some bytes a row: a scan of all keys over a range that is short
   * against the window looks at those that got a row in it.
   */
  KEY_AND_TIME
}
