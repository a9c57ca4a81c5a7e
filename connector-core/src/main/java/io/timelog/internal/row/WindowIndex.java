package io.timelog.internal.row;

/** What the rows of a partition window are indexed by, in the memtable and in segments. */
public enum WindowIndex {
  /** The key: a scan of all keys looks at each. */
  KEY,
  /**
   * The key and the time, for some bytes a row: a scan of all keys over a range that is short
   * compared with the window looks only at keys that have rows in the range.
   */
  KEY_AND_TIME
}
