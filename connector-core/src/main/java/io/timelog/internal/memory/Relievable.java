package io.timelog.internal.memory;

/** A store as the others of its budget see it when they run out of memory. */
public interface Relievable {
  /**
   * Frees memory until so many bytes of the budget are available beside what is kept for flushes,
   * as far as that can be done at once; what can only be done by the writer of the store is left to
   * its next write. Waits for no writer, runs no code of the application and throws nothing for
   * lack of memory. Any thread.
   *
   * @param patienceNanos how long to wait, at most, for maintenance of the store that is under way
   * @return whether maintenance was under way until the end of that time, so that nothing was done
   */
  boolean relieveFor(long wantedBytes, long patienceNanos);
}
