package io.timelog.internal.memory;

/**
 * Memory that is used for want of a better use, and that whoever needs it may have at once: what is
 * in it can be had again. Thread-safe.
 */
public interface Reclaimable {
  /** The bytes that nobody uses just now, so that they can be had at once. */
  long idleBytes();

  /**
   * Gives up so many bytes, or all that nobody uses just now.
   *
   * @return how many bytes it has given up; somebody else may have taken them by now
   */
  long reclaim(long wantedBytes);
}
