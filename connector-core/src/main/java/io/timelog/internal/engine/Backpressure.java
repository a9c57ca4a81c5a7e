package io.timelog.internal.engine;

import io.timelog.BusyPolicy;
import io.timelog.TimelogBusyException;
import io.timelog.internal.upkeep.Rounds;
import io.timelog.internal.upkeep.SealedRuns;
import java.util.concurrent.atomic.AtomicLong;

/** What a write that was accepted does when more sealed runs wait than are allowed. */
final class Backpressure {
  private final SealedRuns runs;
  private final int maxRuns;
  private final BusyPolicy policy;
  private final Rounds rounds;
  private final AtomicLong busyWrites = new AtomicLong();

  Backpressure(SealedRuns runs, int maxRuns, BusyPolicy policy, Rounds rounds) {
    this.runs = runs;
    this.maxRuns = maxRuns;
    this.policy = policy;
    this.rounds = rounds;
  }

  /**
   * Does it, outside of the gate.
   *
   * @throws TimelogBusyException under {@link BusyPolicy#RAISE}
   */
  void apply() {
    int waiting = runs.count();
    if (waiting > maxRuns) {
      apply(waiting);
    }
  }

  /** Does it between two pieces of a write, of which only the last may say that it met any. */
  void catchUp() {
    if (policy == BusyPolicy.FLUSH && runs.count() > maxRuns) {
      apply(runs.count());
    }
  }

  private void apply(int waiting) {
    busyWrites.incrementAndGet();
    switch (policy) {
      case RAISE -> throw new TimelogBusyException(waiting, maxRuns);
      case SILENT -> {}
      case FLUSH -> rounds.catchUp();
    }
  }

  /** Writes that met more sealed runs than allowed. */
  long busyWrites() {
    return busyWrites.get();
  }
}
