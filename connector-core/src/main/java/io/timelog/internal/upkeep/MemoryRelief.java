package io.timelog.internal.upkeep;

import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Relief of a store that keeps everything in memory: what is cheap comes first, and it ends as soon
 * as there is room.
 */
public final class MemoryRelief implements Relief {
  /*
   * Every step needs memory itself, the copy of what lives, before it frees the original. It may use
   * the reserve of the budget, and takes on what fits there, smallest first, one piece after the other:
   * each piece is published, and so freed, before the next.
   *
   * Free buffers cost nothing to give up. Reports of dropped entries free what they hold. Garbage in
   * memtables is tidied before anything is sealed, because sealing what is overwritten again and again
   * only moves the garbage into segments. Runs that are sealed already are flushed, segments with
   * garbage are merged, and last windows are sealed and flushed, where that makes them smaller.
   */
  private static final Logger LOG = LoggerFactory.getLogger(MemoryRelief.class);

  /** The part of the budget that relief tries to free beyond what was asked for. */
  private static final int SLACK_PART = 64;

  private static final long MAX_SLACK_BYTES = 4 << 20;

  private final String store;
  private final MemoryBudget budget;
  private final long reserveBytes;
  private final Rounds rounds;
  private final Memtables memtables;
  private final Runnable trim;

  /**
   * Relief for one store.
   *
   * @param reserveBytes what writes leave free
   * @param trim gives free buffers back to the budget
   */
  public MemoryRelief(
      String store,
      MemoryBudget budget,
      long reserveBytes,
      Rounds rounds,
      Memtables memtables,
      Runnable trim) {
    this.store = store;
    this.budget = budget;
    this.reserveBytes = reserveBytes;
    this.rounds = rounds;
    this.memtables = memtables;
    this.trim = trim;
  }

  @Override
  public void relieve(long requestedBytes) {
    long slack = Math.min(budget.limitBytes() / SLACK_PART, MAX_SLACK_BYTES);
    long wanted = reserveBytes + requestedBytes + slack;
    if (isFree(wanted)) {
      return;
    }
    rounds.reportAll();
    try {
      memtables.tidy();
      boolean more = true;
      while (more && !isFree(wanted)) {
        more =
            rounds.flushOldest()
                || rounds.compactSmallest(budget.availableBytes())
                || memtables.sealOne(budget.availableBytes());
      }
    } catch (MemoryBudgetExceededException noRoom) {
      LOG.debug("Relief found no memory to work with: store={}", store, noRoom);
    }
    trim.run();
  }

  private boolean isFree(long wanted) {
    if (budget.availableBytes() < wanted) {
      trim.run();
    }
    return budget.availableBytes() >= wanted;
  }
}
