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
   * hide nothing are dropped. Then windows are sealed and flushed, where that makes them smaller.
   *
   * Flushes and merges ask the filters of tables, but what a filter gives up is not known before, so none
   * of them is begun for its sake. Only if a write would be refused otherwise, the filters are asked about
   * everything: what they give up is removed in place where writes go, segments are written without it,
   * and sealed windows are flushed even if they would not fit with it. If all that is not enough, the other
   * stores of the budget are asked for the same.
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
      memory.relieveOthers(wanted.getAsLong());
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
    return () -> reserveBytes + memory.keptForHandles() + requestedBytes.getAsLong() + slackBytes();
  }

  private long slackBytes() {
    return Math.min(memory.limitBytes() / SLACK_PART, MAX_SLACK_BYTES);
  }

  /**
   * Frees memory of this store, without reports, until so much of the budget is available beside
   * what is kept for flushes. For a thread that keeps writers of this store out.
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
      more = freeSome() || (isMissingMuch(wantedBytes) && dropGivenUp(wantedBytes));
    }
    if (!more) {
      // What waits for a flush does not fit, whatever is kept for it.
      memory.keepForFlush(0);
    }
  }

  private boolean freeSome() {
    long room = memory.roomForSegments(memory.availableBytes());
    return rounds.spillNext()
        || rounds.flushSmallest(room)
        || rounds.compactSmallest(room)
        || purgeNext()
        || memtables.dropTombstones()
        || memtables.sealOne(room);
  }

  /** Whether a write would be refused if nothing more were freed. */
  private boolean isMissingMuch(LongSupplier wantedBytes) {
    return !isFree(() -> wantedBytes.getAsLong() - slackBytes());
  }

  private boolean dropGivenUp(LongSupplier wantedBytes) {
    return rounds.dropGivenUp(memtables) || purgeGivenUp(wantedBytes) || rounds.flushFiltered();
  }

  /** False also if readers hold what was replaced, so that there is less room than before. */
  private boolean purgeGivenUp(LongSupplier wantedBytes) {
    long before = freeBytes();
    return rounds.purgeGivenUp(() -> isFree(wantedBytes) || freeBytes() < before)
        && freeBytes() >= before;
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
    long wanted = wantedBytes.getAsLong();
    if (memory.availableBesideFlushes() < wanted) {
      memory.trim();
    }
    return memory.availableBesideFlushes() >= wanted;
  }
}
