package io.timelog.internal.upkeep;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The maintenance of a store on threads that it may share with others: rests until it is woken,
 * then makes rounds until nothing is left. May be started and stopped any number of times, by any
 * thread but the one that is in a round of it.
 */
public final class BackgroundMaintenance {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundMaintenance.class);

  private final String store;
  private final MaintenanceThreads threads;
  private final Rounds rounds;
  private final Runnable chores;
  private volatile MaintenanceThreads.@Nullable Member member;

  /**
   * Not started.
   *
   * @param threads those that make the rounds
   * @param chores what is to be done after each round
   */
  public BackgroundMaintenance(
      String store, MaintenanceThreads threads, Rounds rounds, Runnable chores) {
    this.store = store;
    this.threads = threads;
    this.rounds = rounds;
    this.chores = chores;
  }

  /** Has rounds made from now on; does nothing if that is so already. */
  public synchronized void start() {
    if (member == null) {
      member = threads.join(store, this::step);
    }
  }

  /** Lets no round begin any more, and waits for one under way; does nothing if not started. */
  public synchronized void stop() {
    MaintenanceThreads.Member leaving = member;
    member = null;
    if (leaving != null) {
      leaving.leave();
    }
  }

  /** Whether rounds are made. */
  public boolean isRunning() {
    return member != null;
  }

  /** Says that there may be work; does nothing if not started. */
  public void wake() {
    MaintenanceThreads.Member woken = member;
    if (woken != null) {
      woken.wake();
    }
  }

  /** Whatever happens in a round, the thread lives, and the store is looked at when it is woken. */
  private boolean step() {
    try {
      boolean more = rounds.runOnce();
      chores.run();
      return more;
    } catch (RuntimeException | Error failure) {
      LOG.error("Maintenance failed and waits for the next write: store={}", store, failure);
      return false;
    }
  }
}
