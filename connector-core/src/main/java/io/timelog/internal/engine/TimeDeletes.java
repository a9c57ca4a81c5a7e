package io.timelog.internal.engine;

import io.timelog.LateEntries;
import io.timelog.TimeRange;
import io.timelog.internal.drop.DropQueue;
import io.timelog.internal.drop.Retirement;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deletes of one table that are over all keys at once: whole windows leave the view, and what
 * remains of the range is hidden by the floor or by a tombstone. For the writer, inside an
 * operation.
 */
final class TimeDeletes {
  private final WriterGate gate;
  private final CurrentView views;
  private final ActiveWindows active;
  private final WindowRewriting rewriting;
  private final WindowGrid grid;
  private final LateEntries lateEntries;
  private final TableJournal journal;
  private final @Nullable DropQueue reports;
  private volatile long cutoff = Long.MIN_VALUE;
  private volatile long droppedEntries;

  TimeDeletes(
      WriterGate gate,
      CurrentView views,
      ActiveWindows active,
      WindowRewriting rewriting,
      WindowGrid grid,
      LateEntries lateEntries,
      TableJournal journal,
      @Nullable DropQueue reports) {
    this.journal = journal;
    this.gate = gate;
    this.views = views;
    this.active = active;
    this.rewriting = rewriting;
    this.grid = grid;
    this.lateEntries = lateEntries;
    this.reports = reports;
  }

  /** The newest cutoff of {@link #before}. */
  long cutoff() {
    return cutoff;
  }

  /** Goes on from the newest cutoff of the store that the table was imported from. */
  void restore(long oldCutoff) {
    grid.floorMoved(oldCutoff);
    cutoff = oldCutoff;
  }

  /** Rows of the windows that left the view whole. */
  long droppedEntries() {
    return droppedEntries;
  }

  /** Deletes what is older than the cutoff. */
  void before(long newCutoff) {
    grid.floorMoved(newCutoff);
    if (lateEntries == LateEntries.REFUSE) {
      raiseFloor(newCutoff);
    } else {
      journal.makeRoomForOperations(2);
      range(TimeRange.until(newCutoff));
      if (newCutoff > cutoff) {
        journal.deletedBefore(newCutoff);
      }
    }
    cutoff = Math.max(cutoff, newCutoff);
  }

  /** What is older than the cutoff was deleted, of tables that accept entries below it. */
  void raiseCutoff(long newCutoff) {
    grid.floorMoved(newCutoff);
    cutoff = Math.max(cutoff, newCutoff);
  }

  /** Deletes what was written in the range so far; later entries live. */
  void range(TimeRange range) {
    if (!range.isEmpty()) {
      journal.makeRoomForOperations(1);
      ReaderEpoch ended = gate.endVersion();
      Tombstone delete = new Tombstone(range.first(), range.last(), ended.version());
      publish(ended, delete, now -> with(delete, now), true);
      journal.deletedRange(delete.first(), delete.last(), delete.version());
    }
  }

  private static Tombstones with(Tombstone delete, TableView now) {
    return now.isHiddenBy(delete)
        ? now.tombstones().with(delete, old -> now.hidesAlikeAt(delete.version(), old))
        : now.tombstones();
  }

  /** With a floor no entry will ever come below it, so it needs no tombstone. */
  private void raiseFloor(long newFloor) {
    long oldFloor = views.floor();
    if (newFloor <= oldFloor) {
      return;
    }
    journal.makeRoomForOperations(1);
    if (reports != null) {
      ReaderEpoch ended = gate.endVersion();
      Tombstone delete = new Tombstone(oldFloor, newFloor - 1, ended.version());
      publish(ended, delete, TableView::tombstones, false);
    } else {
      dropBefore(newFloor);
    }
    views.raiseFloor(newFloor);
    journal.deletedBefore(newFloor);
    deletesChanged();
  }

  private void dropBefore(long newFloor) {
    TableView now;
    int count;
    do {
      now = views.get();
      count = countBefore(newFloor, now);
    } while (count > 0 && !views.publish(now, now.withoutOldest(count, now.tombstones())));
    for (int i = 0; i < count; i++) {
      leave(now.window(i), Long.MIN_VALUE, newFloor - 1);
    }
  }

  private void deletesChanged() {
    active.deletesChanged();
    rewriting.deletesChanged();
  }

  /** How many of the oldest windows have no row from the floor on. */
  private static int countBefore(long newFloor, TableView now) {
    int count = now.firstWindowNotBefore(newFloor);
    boolean oneMore = count < now.windowCount() && now.window(count).newestBound() < newFloor;
    return oneMore ? count + 1 : count;
  }

  /** What a delete leaves of the deletes of a view. */
  private interface Remaining {
    Tombstones of(TableView now);
  }

  /**
   * Publishes the view that a delete leaves, and has what it dropped reported. Until then the
   * report is a reader of the version before the delete.
   *
   * @param mergedWithOthers whether a window leaves that only this and earlier deletes together
   *     cover
   */
  private void publish(
      ReaderEpoch ended, Tombstone delete, Remaining remaining, boolean mergedWithOthers) {
    boolean held = false;
    while (true) {
      TableView now = views.get();
      Tombstones deletes = remaining.of(now);
      List<PartitionWindow> dropped = dropped(now, delete, mergedWithOthers ? deletes : null);
      Retirement retirement = retirement(now, ended, delete);
      if (retirement != null && !held) {
        gate.hold(ended);
        held = true;
      }
      if (views.publish(now, without(dropped, now, deletes), retirement)) {
        if (held && retirement == null) {
          gate.letGo(ended);
        }
        dropped.forEach(window -> leave(window, delete.first(), delete.last()));
        deletesChanged();
        return;
      }
    }
  }

  private static List<PartitionWindow> dropped(
      TableView now, Tombstone delete, @Nullable Tombstones deletes) {
    List<PartitionWindow> dropped = new ArrayList<>();
    int to = now.lastWindowNotAfter(delete.last());
    for (int i = now.firstWindowNotBefore(delete.first()); i <= to; i++) {
      PartitionWindow window = now.window(i);
      long oldest = window.oldestBound();
      long newest = window.newestBound();
      if ((delete.first() <= oldest && newest <= delete.last())
          || (deletes != null && deletes.cover(oldest, newest, since(window)))) {
        dropped.add(window);
      }
    }
    return dropped;
  }

  /** Only deletes of this version or a later one hide rows in every source of the window. */
  private static long since(PartitionWindow window) {
    long since = 0;
    for (Source source : window.sources()) {
      since = Math.max(since, source.since());
    }
    return since;
  }

  @SuppressWarnings("ReferenceEquality") // it is one of these very windows
  private static TableView without(
      List<PartitionWindow> dropped, TableView now, Tombstones deletes) {
    int count = dropped.size();
    if (count == 0) {
      return now.withDeletes(deletes);
    }
    if (dropped.get(count - 1) == now.window(count - 1)) {
      return now.withoutOldest(count, deletes);
    }
    List<PartitionWindow> all = now.windows();
    List<PartitionWindow> kept = new ArrayList<>(all.size());
    int from = 0;
    for (PartitionWindow window : dropped) {
      int index = now.firstWindowNotBefore(window.first());
      kept.addAll(all.subList(from, index));
      from = index + 1;
    }
    kept.addAll(all.subList(from, all.size()));
    return now.withWindowsAndNeededOf(kept, deletes);
  }

  private @Nullable Retirement retirement(TableView now, ReaderEpoch ended, Tombstone delete) {
    DropQueue queue = reports;
    return queue == null
        ? null
        : Retirement.of(
            now,
            delete.version(),
            Math.max(delete.first(), views.floor()),
            delete.last(),
            queue::add,
            () -> gate.letGo(ended));
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the writer writes it
  private void leave(PartitionWindow window, long first, long last) {
    long rows = 0;
    for (Source source : window.sources()) {
      rows += source.rowCount();
    }
    droppedEntries += rows;
    active.leave(window);
    active.discard(window, first, last);
  }
}
