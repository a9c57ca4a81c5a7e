package io.timelog.internal.memory;

/**
 * Memory that is used for want of a better use, and that whoever needs it may have at once: what is
 * in it can be had again. Thread-safe.
 */
public interface Reclaimable {
  /** The bytes that it has at present. Some of them may be in use just now. */
  long bytes();

  /** Gives up so many bytes, or all that nobody uses just now. */
  void reclaim(long wantedBytes);
}
