package io.timelog.internal.upkeep;

import java.util.function.LongSupplier;

/**
 * What a store does when a write finds no memory. A store in memory frees what it can; one with a
 * directory would spill.
 */
public interface Relief {
  /**
   * Frees memory. Called by the writer between two attempts of an operation; readers may come
   * meanwhile, other writers may not. Throws nothing for lack of memory.
   *
   * @param requestedBytes what the refused request needs to be free beside the reserve; asked again
   *     and again, because it may change with what is freed
   */
  void relieve(LongSupplier requestedBytes);

  /** Frees memory of this store only, because another one of the budget needs it; as above. */
  void relieveOwn();

  /**
   * As {@link #relieve}, without reports, and keeps maintenance on other threads from beginning
   * anything that needs memory until {@link #letGo}. Waits for a round of it that is under way.
   */
  void holdOff(LongSupplier requestedBytes);

  /** Ends what {@link #holdOff} began. */
  void letGo();
}
