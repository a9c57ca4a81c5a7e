package io.timelog.internal.upkeep;

import io.timelog.internal.memory.MemoryAccount;
import java.util.function.LongSupplier;

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
   * Free buffers cost nothing to give up. Reports of dropped entries free what they hold. Sealed windows
   * and segments of which all is deleted leave without a copy. Garbage in
   * memtables is tidied before anything is sealed, because sealing what is overwritten again and again
   * only moves the garbage into segments. Runs that are sealed already are flushed, small windows with
   * garbage are merged, segments are written without what is hidden in them, and the tombstones that then
   * hide nothing are dropped. Last, windows are sealed and flushed, where that makes them smaller. If all
   * that is not enough, the other stores of the budget are asked for the same.
   *
   * A window that does not fit as a whole gets one more source with each flush, so relief joins some of
   * them where they are too many. That frees little, but bounds what a read has to merge.
   *
   * Writes that free memory may use half of the reserve only. A segment is at most a quarter of it, so
   * there is always room to write one anew.
   */

  /** The part of the budget that relief tries to free beyond what was asked for. */
  private static final int SLACK_PART = 64;

  private static final long MAX_SLACK_BYTES = 4 << 20;

  private final long reserveBytes;
  private final Rounds rounds;
  private final Memtables memtables;
  private final MemoryAccount memory;

  /**
   * Relief for one store.
   *
   * @param reserveBytes what writes leave free
   * @param memory what the store has of the budget
   */
  public MemoryRelief(long reserveBytes, Rounds rounds, Memtables memtables, MemoryAccount memory) {
    this.reserveBytes = reserveBytes;
    this.rounds = rounds;
    this.memtables = memtables;
    this.memory = memory;
  }

  @Override
  public void relieve(LongSupplier requestedBytes) {
    LongSupplier wanted = wanted(requestedBytes);
    if (isFree(wanted)) {
      return;
    }
    rounds.reportAll();
    relieveUntil(wanted);
    if (!isFree(wanted)) {
      memory.relieveOthers(wanted.getAsLong() + memory.keptForFlushes());
    }
    memory.trim();
  }

  @Override
  public void relieveOwn() {
    rounds.reportAll();
    relieveUntil(wanted(() -> 0));
  }

  @Override
  public void holdOff(LongSupplier requestedBytes) {
    rounds.holdOff();
    try {
      relieveUntil(wanted(requestedBytes));
    } catch (RuntimeException | Error failure) {
      rounds.letGo();
      throw failure;
    }
  }

  @Override
  public void letGo() {
    rounds.letGo();
  }

  private LongSupplier wanted(LongSupplier requestedBytes) {
    long slack = Math.min(memory.limitBytes() / SLACK_PART, MAX_SLACK_BYTES);
    return () -> reserveBytes + requestedBytes.getAsLong() + slack;
  }

  /**
   * Frees memory of this store, without reports, until so much of the budget is available. For a
   * thread that keeps writers of this store out.
   */
  public void relieveAlone(long wantedBytes) {
    relieveUntil(() -> wantedBytes);
  }

  private void relieveUntil(LongSupplier wantedBytes) {
    if (isFree(wantedBytes)) {
      return;
    }
    rounds.dropDeleted();
    if (isFree(wantedBytes)) {
      return;
    }
    memtables.tidy();
    joinRuns();
    boolean more = true;
    while (more && !isFree(wantedBytes)) {
      long room = memory.availableBytes();
      more =
          rounds.flushSmallest(room)
              || rounds.compactSmallest(room)
              || purgeNext()
              || memtables.dropTombstones()
              || memtables.sealOne(room);
    }
    if (!more) {
      // What waits for a flush does not fit, whatever is kept for it.
      memory.keepForFlush(0);
    }
  }

  /** False also if readers hold what was replaced, so that there is less room than before. */
  private boolean purgeNext() {
    long before = freeBytes();
    return rounds.purgeNext() && freeBytes() >= before;
  }

  /** Ends also if readers hold what was replaced, so that there is less room than before. */
  private void joinRuns() {
    boolean more = true;
    while (more) {
      long before = freeBytes();
      more = rounds.joinNext(memory.availableBytes()) && freeBytes() >= before;
    }
  }

  private long freeBytes() {
    return memory.availableBytes() + memory.pooledBytes();
  }

  private boolean isFree(LongSupplier wantedBytes) {
    long wanted = wantedBytes.getAsLong() + memory.keptForFlushes();
    if (memory.availableBytes() < wanted) {
      memory.trim();
    }
    return memory.availableBytes() >= wanted;
  }
}
