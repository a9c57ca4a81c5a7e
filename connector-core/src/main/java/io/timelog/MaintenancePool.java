package io.timelog;

import io.timelog.internal.upkeep.MaintenanceThreads;

/**
 * The threads on which stores are maintained in the background: they flush, merge, and report
 * dropped entries.
 *
 * <p>One pool may be shared by any number of stores, so that hundreds of them do not need hundreds
 * of threads. Each store is maintained by one thread at a time, and those that have something to do
 * take turns: whichever has waited longest gets the next free thread, for one round. A round that
 * takes long, because a disk or a {@link DropListener} does, keeps one thread and no other store.
 *
 * <p>There is nothing to be closed: the threads, which are daemons, start with the first store that
 * is maintained, and end with the last one. Thread-safe.
 */
public final class MaintenancePool {
  private final MaintenanceThreads pool;

  private MaintenancePool(MaintenanceThreads pool) {
    this.pool = pool;
  }

  /**
   * A pool of at most so many threads, and never more than stores are maintained. Two are enough
   * for stores that share a disk: one can be held up.
   *
   * @throws IllegalArgumentException if the number is not positive
   */
  public static MaintenancePool ofThreads(int threads) {
    if (threads <= 0) {
      throw new IllegalArgumentException(
          "A maintenance pool needs a thread at least: threads=" + threads);
    }
    return new MaintenancePool(new MaintenanceThreads(threads));
  }

  /** How many threads there are at most. */
  public int maxThreads() {
    return pool.maxThreads();
  }

  /** How many stores are maintained by this pool now. */
  public int maintainedStores() {
    return pool.members();
  }

  /** What maintains the stores of this pool. */
  MaintenanceThreads pool() {
    return pool;
  }

  @Override
  public String toString() {
    return "MaintenancePool[stores=" + maintainedStores() + ", maxThreads=" + maxThreads() + "]";
  }
}
