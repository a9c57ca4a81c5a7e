package io.timelog.internal.memory;

/** A store as the others of its budget see it when they run out of memory. */
public interface Relievable {
  /**
   * Frees memory until so many bytes of the budget are available, as far as that can be done at
   * once; what can only be done by the writer of the store is left to its next write. Waits for
   * nobody, runs no code of the application and throws nothing for lack of memory. Any thread.
   */
  void relieveFor(long wantedBytes);
}
