package io.timelog.internal.upkeep;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.drop.DropQueue;
import io.timelog.internal.segment.Segment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes, compactions and reports for all tables of a store, on whichever thread asks for them;
 * one thread at a time. Reports are made outside of the lock.
 */
public final class Rounds {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  private final String store;
  private final Supplier<? extends Collection<? extends MaintainedTable>> tables;
  private final SealedRuns runs;
  private final LongConsumer gainedByFlushes;
  private final int drainBatchLimit;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong flushes = new AtomicLong();
  private final AtomicLong compactions = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();
  private volatile boolean starved;
  private volatile boolean failing;

  /**
   * Rounds over these tables.
   *
   * @param store the name of the store, for messages
   * @param gainedByFlushes is told after each round how many bytes more the rows in segments take
   *     in the memtable if all are overwritten
   * @param drainBatchLimit how many dropped entries of a table are reported in one round at most
   */
  public Rounds(
      String store,
      Supplier<? extends Collection<? extends MaintainedTable>> tables,
      SealedRuns runs,
      LongConsumer gainedByFlushes,
      int drainBatchLimit) {
    this.store = store;
    this.tables = tables;
    this.runs = runs;
    this.gainedByFlushes = gainedByFlushes;
    this.drainBatchLimit = drainBatchLimit;
  }

  /**
   * Flushes all runs that wait.
   *
   * @throws MemoryBudgetExceededException if there is no room; windows that were flushed stay so
   */
  public void flush() {
    long started = begin();
    try {
      boolean more = true;
      while (more) {
        more = flushOldest();
      }
    } finally {
      end(started);
    }
  }

  private static void flushTable(List<SealedRun.Part> ofTable) {
    TableMaintenance table = ofTable.get(0).maintenance();
    try {
      table.flush(ofTable);
    } catch (MemoryBudgetExceededException noRoom) {
      throw table.explained(noRoom);
    }
  }

  /**
   * Flushes the smallest window of a run that waits, as far as it fits into so many bytes; false if
   * none does.
   */
  boolean flushSmallest(long maxBytes) {
    long started = begin();
    try {
      for (Waiting next : smallestFirst()) {
        if (next.bytes > maxBytes) {
          return false;
        }
        if (next.part.maintenance().isNextToFlush(next.part)) {
          return flushAlone(next.part);
        }
      }
      return false;
    } finally {
      end(started);
    }
  }

  /** A part and about how many bytes a flush of it needs. */
  private record Waiting(SealedRun.Part part, long bytes) {}

  private List<Waiting> smallestFirst() {
    List<Waiting> waiting = new ArrayList<>();
    for (SealedRun.Part part : runs.parts()) {
      waiting.add(new Waiting(part, part.source().bytesInSegments()));
    }
    waiting.sort(Comparator.comparingLong(Waiting::bytes));
    return waiting;
  }

  private boolean flushAlone(SealedRun.Part part) {
    try {
      part.maintenance().flush(List.of(part));
    } catch (MemoryBudgetExceededException noRoom) {
      LOG.debug("A flush found no memory: store={}", store, noRoom);
      return false;
    }
    if (runs.remove(part)) {
      flushes.incrementAndGet();
    }
    return true;
  }

  private boolean flushOldest() {
    SealedRun run = runs.oldest();
    if (run == null) {
      return false;
    }
    flushAll(run.parts());
    flushes.incrementAndGet();
    runs.removeOldest();
    return true;
  }

  private static void flushAll(List<SealedRun.Part> parts) {
    List<SealedRun.Part> ofTable = new ArrayList<>();
    for (SealedRun.Part part : parts) {
      if (!ofTable.isEmpty() && ofTable.get(0).maintenance() != part.maintenance()) {
        flushTable(ofTable);
        ofTable.clear();
      }
      ofTable.add(part);
    }
    flushTable(ofTable);
  }

  /**
   * Flushes these windows, whichever runs they wait in; passes over those that were flushed or
   * dropped meanwhile. Of one window the older parts come first.
   *
   * @param parts at least one
   * @throws MemoryBudgetExceededException if there is no room; windows that were flushed stay so
   */
  public void flush(List<SealedRun.Part> parts) {
    long started = begin();
    try {
      flushAll(parts);
      flushes.incrementAndGet();
      runs.removeAll(parts);
    } finally {
      end(started);
    }
  }

  /**
   * Merges the segments of every partition window that gets smaller by it.
   *
   * @throws MemoryBudgetExceededException if there is no room; windows that were merged stay so
   */
  public void compactAll() {
    long started = begin();
    try {
      for (MaintainedTable table : tables.get()) {
        compactAll(table.maintenance());
      }
      compactions.incrementAndGet();
    } finally {
      end(started);
    }
  }

  private static void compactAll(TableMaintenance table) {
    try {
      table.compactAll();
    } catch (MemoryBudgetExceededException noRoom) {
      throw table.explained(noRoom);
    }
  }

  private void compactDue() {
    long started = begin();
    try {
      for (MaintainedTable table : tables.get()) {
        if (table.maintenance().compactDue()) {
          compactions.incrementAndGet();
        }
      }
    } finally {
      end(started);
    }
  }

  /**
   * Merges one window that gets smaller by it, the one that probably needs the least memory; false
   * if none fits into so many bytes.
   */
  boolean compactSmallest(long maxBytes) {
    long started = begin();
    try {
      for (MaintainedTable table : tables.get()) {
        if (table.maintenance().compactSmallest(maxBytes)) {
          compactions.incrementAndGet();
          return true;
        }
      }
      return false;
    } finally {
      end(started);
    }
  }

  /** Takes what is deleted as a whole out of the tables, which needs no memory. */
  void dropDeleted() {
    long started = begin();
    try {
      tables.get().forEach(table -> table.maintenance().dropDeleted());
    } finally {
      end(started);
    }
  }

  /** Joins some sources of one window that has too many; false if none fit into so many bytes. */
  boolean joinNext(long maxBytes) {
    long started = begin();
    try {
      for (MaintainedTable table : tables.get()) {
        if (table.maintenance().joinNext(maxBytes)) {
          compactions.incrementAndGet();
          return true;
        }
      }
      return false;
    } finally {
      end(started);
    }
  }

  /**
   * Writes some segments anew without what is hidden in them; false if there is nothing hidden, or
   * no room.
   */
  boolean purgeNext() {
    long started = begin();
    try {
      for (MaintainedTable table : tables.get()) {
        if (table.maintenance().purgeNext()) {
          compactions.incrementAndGet();
          return true;
        }
      }
      return false;
    } finally {
      end(started);
    }
  }

  /**
   * Has segments of one window leave memory, of the first to leave of all tables; false if there
   * are none, or they cannot leave.
   */
  boolean spillNext() {
    long started = begin();
    try {
      for (Spillable next : firstToLeave()) {
        if (next.table.spillNext()) {
          tables.get().forEach(table -> table.maintenance().cool());
          return true;
        }
      }
      return false;
    } finally {
      end(started);
    }
  }

  /** A table, and the window of it that leaves memory first. */
  private record Spillable(TableMaintenance table, SpillPolicy.Candidate first) {}

  private List<Spillable> firstToLeave() {
    List<Spillable> all = new ArrayList<>();
    for (MaintainedTable table : tables.get()) {
      SpillPolicy.Candidate first = table.maintenance().firstToLeave();
      if (first != null) {
        all.add(new Spillable(table.maintenance(), first));
      }
    }
    all.sort(Comparator.comparing(Spillable::first, SpillPolicy.Candidate.FIRST_TO_LEAVE));
    return all;
  }

  /** Has memtables drop what filters give up, which are asked by one thread at a time. */
  boolean dropGivenUp(Memtables memtables) {
    long started = begin();
    try {
      return memtables.dropGivenUp();
    } finally {
      end(started);
    }
  }

  /**
   * Writes the segments of one table anew of which its filter gives up a part that is worth it,
   * without that, until there is enough room; false if there are none, or no room for that.
   *
   * @param isEnough asked after each segment
   */
  boolean purgeGivenUp(BooleanSupplier isEnough) {
    long started = begin();
    try {
      for (MaintainedTable table : tables.get()) {
        Set<Segment> passed = Collections.newSetFromMap(new IdentityHashMap<>());
        boolean any = false;
        while (table.maintenance().purgeGivenUp(passed)) {
          compactions.incrementAndGet();
          any = true;
          if (isEnough.getAsBoolean()) {
            break;
          }
        }
        if (any) {
          return true;
        }
      }
      return false;
    } finally {
      end(started);
    }
  }

  /**
   * Flushes a window that waits and of which a filter may give up enough to make it fit, whatever
   * it takes as it is; false if none fits.
   */
  boolean flushFiltered() {
    long started = begin();
    try {
      for (Waiting next : smallestFirst()) {
        TableMaintenance table = next.part.maintenance();
        if (table.filters() && table.isNextToFlush(next.part) && flushAlone(next.part)) {
          return true;
        }
      }
      return false;
    } finally {
      end(started);
    }
  }

  /**
   * Runs something if no other thread is in a round, now or within so many nanoseconds; whether it
   * did.
   */
  public boolean tryExclusively(Runnable action, long patienceNanos) {
    if (!tryLock(patienceNanos)) {
      return false;
    }
    try {
      action.run();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean tryLock(long patienceNanos) {
    if (lock.tryLock()) {
      return true;
    }
    try {
      return patienceNanos > 0 && lock.tryLock(patienceNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Waits for a round that is under way, and lets no other thread begin one until {@link #letGo}.
   */
  void holdOff() {
    lock.lock();
  }

  /** Ends what {@link #holdOff} began. */
  void letGo() {
    lock.unlock();
  }

  /** Runs something while no round does, such as closing the tables. */
  public void exclusively(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private long begin() {
    lock.lock();
    return System.nanoTime();
  }

  private void end(long started) {
    try {
      long gained = 0;
      for (MaintainedTable table : tables.get()) {
        gained += table.maintenance().bytesGainedByFlushes();
      }
      gainedByFlushes.accept(gained);
      nanos.addAndGet(System.nanoTime() - started);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reports at most the batch limit of dropped entries of each table that nobody can see any more;
   * whether more wait.
   */
  public boolean report() {
    return report(drainBatchLimit);
  }

  /** Reports all dropped entries that nobody can see any more. */
  void reportAll() {
    report(Integer.MAX_VALUE);
  }

  private boolean report(int limit) {
    boolean more = false;
    for (MaintainedTable table : tables.get()) {
      DropQueue drops = table.drops();
      if (drops != null && !drops.isEmpty()) {
        drops.drain(limit);
        more |= !drops.isEmpty();
      }
    }
    return more;
  }

  /**
   * One round of what is due: reports first, which need no memory, then flushes and merges. What
   * goes wrong is logged and left for a later round.
   *
   * @return whether another round would find work
   */
  public boolean runOnce() {
    boolean more = report();
    return (catchUp() && runs.count() > 0) || more;
  }

  /**
   * As {@link #runOnce}, for callers that add few rows to large windows many times: where a window
   * has too many level-0 sources, these are joined first, rather than merged with all of the window
   * whenever there are too many again.
   *
   * @param freeBytes how much memory a merge may take at present
   */
  public void runJoining(LongSupplier freeBytes) {
    try {
      boolean more = true;
      while (more) {
        more = joinNext(freeBytes.getAsLong());
      }
    } catch (RuntimeException | Error failure) {
      LOG.error("A merge failed; the windows stay as they are: store={}", store, failure);
    }
    runOnce();
  }

  /** Flushes and merges what is due; false, which was logged, if that failed. */
  public boolean catchUp() {
    try {
      flush();
      compactDue();
      starved = false;
      failing = false;
      return true;
    } catch (MemoryBudgetExceededException noRoom) {
      // At the bound this is so after every write, until something is deleted.
      if (!starved) {
        LOG.warn("A flush found no memory; sealed runs wait: store={}", store, noRoom);
      }
      starved = true;
    } catch (RuntimeException | Error failure) {
      if (!failing) {
        LOG.error("A flush or compaction failed; sealed runs wait: store={}", store, failure);
      }
      failing = true;
    }
    return false;
  }

  /** Partition windows with dropped entries that are still to be reported. */
  public int unreported() {
    int length = 0;
    for (MaintainedTable table : tables.get()) {
      DropQueue drops = table.drops();
      length += drops == null ? 0 : drops.length();
    }
    return length;
  }

  /** How often a drop listener threw. */
  public long listenerFailures() {
    long failures = 0;
    for (MaintainedTable table : tables.get()) {
      DropQueue drops = table.drops();
      failures += drops == null ? 0 : drops.failures();
    }
    return failures;
  }

  /** Runs flushed since the store was made. */
  public long flushes() {
    return flushes.get();
  }

  /** Compactions that merged anything, and explicit ones, since the store was made. */
  public long compactions() {
    return compactions.get();
  }

  /** Nanoseconds spent in flushes and compactions so far, on whichever thread. */
  public long nanos() {
    return nanos.get();
  }
}
