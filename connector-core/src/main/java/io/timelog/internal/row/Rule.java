package io.timelog.internal.row;

/** Which entries of a table may stand side by side. */
public enum Rule {
  /**
   * Any number of entries may have the same key and timestamp; they keep their order of arrival.
   */
  MULTIMAP,
  /** One entry per key, timestamp and subkey; the last write wins. */
  MAP
}
