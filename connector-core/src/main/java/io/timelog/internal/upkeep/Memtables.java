package io.timelog.internal.upkeep;

/** The memtables of a store as relief sees them. For the thread that keeps other writers out. */
public interface Memtables {
  /** Frees garbage in windows of which much is garbage, as far as there is room to work in. */
  void tidy();

  /**
   * Removes tombstones that hide nothing any more, in windows of which segments became smaller
   * since the last call; whether there were any.
   */
  boolean dropTombstones();

  /** Removes entries that the filters of their tables give up; whether there were any. */
  boolean dropGivenUp();

  /**
   * Seals one window into a run of its own: the one that a flush is most worth for, of those whose
   * segment fits into so many bytes; false if a flush of none would help.
   */
  boolean sealOne(long maxBytes);
}
