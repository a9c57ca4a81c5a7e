package io.timelog.internal.memory;

/** What the writer asks for memory for, which decides how much of the budget it leaves free. */
public enum Purpose {
  /**
   * Entries that were not there: they leave the reserve, what sealed windows need to be flushed,
   * and room in which all entries can be overwritten.
   */
  NEW_ENTRIES,
  /** Longer values in the place of others: as new entries, but only a part of the room for that. */
  LONGER_ENTRIES,
  /** What makes nothing larger: it leaves relief a part of the reserve to work in. */
  NO_GROWTH,
  /** Relief itself: it leaves room to write a segment anew. */
  RELIEF
}
