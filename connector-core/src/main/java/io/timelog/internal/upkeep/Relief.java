package io.timelog.internal.upkeep;

/**
 * What a store does when a write finds no memory. A store in memory frees what it can; one with a
 * directory would spill.
 */
public interface Relief {
  /**
   * Frees memory. Called by the writer between two attempts of an operation; readers may come
   * meanwhile, other writers may not. Throws nothing for lack of memory.
   *
   * @param requestedBytes what the refused request asked for
   */
  void relieve(long requestedBytes);

  /** Frees memory of this store only, because another one of the budget needs it; as above. */
  void relieveOwn();

  /**
   * As {@link #relieve}, without reports, and keeps maintenance on other threads from beginning
   * anything that needs memory until {@link #letGo}. Waits for a round of it that is under way.
   */
  void holdOff(long requestedBytes);

  /** Ends what {@link #holdOff} began. */
  void letGo();
}
