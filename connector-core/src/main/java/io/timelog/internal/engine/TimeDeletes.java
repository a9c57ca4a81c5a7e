package io.timelog.internal.engine;

import io.timelog.LateEntries;
import io.timelog.TimeRange;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Retirement;
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
  private final WindowGrid grid;
  private final LateEntries lateEntries;
  private final @Nullable DropQueue reports;
  private volatile long cutoff = Long.MIN_VALUE;
  private volatile long droppedEntries;

  TimeDeletes(
      WriterGate gate,
      CurrentView views,
      ActiveWindows active,
      WindowGrid grid,
      LateEntries lateEntries,
      @Nullable DropQueue reports) {
    this.gate = gate;
    this.views = views;
    this.active = active;
    this.grid = grid;
    this.lateEntries = lateEntries;
    this.reports = reports;
  }

  /** The newest cutoff of {@link #before}. */
  long cutoff() {
    return cutoff;
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
      range(TimeRange.until(newCutoff));
    }
    cutoff = Math.max(cutoff, newCutoff);
  }

  /** Deletes what was written in the range so far; later entries live. */
  void range(TimeRange range) {
    if (!range.isEmpty()) {
      Tombstone tombstone = new Tombstone(range.first(), range.last(), gate.endVersion());
      views.publish(old -> hidden(old, tombstone));
      active.tombstonesChanged();
    }
  }

  private TableView hidden(TableView old, Tombstone tombstone) {
    noteDropped(old, tombstone);
    List<PartitionWindow> kept = new ArrayList<>(old.windowCount());
    for (int i = 0; i < old.windowCount(); i++) {
      PartitionWindow window = old.window(i);
      if (tombstone.first() <= window.first() && window.last() <= tombstone.last()) {
        leave(window);
      } else {
        kept.add(window);
      }
    }
    Tombstones deletes = old.tombstones().with(tombstone);
    return old.with(kept, deletes);
  }

  /** With a floor no entry will ever come below it, so it needs no tombstone. */
  private void raiseFloor(long newFloor) {
    long oldFloor = views.floor();
    if (newFloor > oldFloor) {
      boolean drops = leaveBefore(newFloor);
      if (reports != null) {
        Tombstone delete = new Tombstone(oldFloor, newFloor - 1, gate.endVersion());
        views.publish(old -> reported(old, delete));
      } else if (drops) {
        views.dropBefore(newFloor);
      }
      views.raiseFloor(newFloor);
    }
  }

  /** Ends the windows below the floor; whether there are any. */
  private boolean leaveBefore(long newFloor) {
    TableView now = views.get();
    int count = now.firstWindowNotBefore(newFloor);
    for (int i = 0; i < count; i++) {
      leave(now.window(i));
    }
    return count > 0;
  }

  private TableView reported(TableView old, Tombstone delete) {
    noteDropped(old, delete);
    return old.withoutOldest(old.firstWindowNotBefore(delete.last() + 1));
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the writer writes it
  private void leave(PartitionWindow window) {
    long rows = 0;
    for (Source source : window.sources()) {
      rows += source.rowCount();
    }
    droppedEntries += rows;
    active.leave(window);
  }

  /**
   * Has the entries reported that a delete is about to drop. Until then the report is a reader of
   * the moment before the delete.
   */
  private void noteDropped(TableView before, Tombstone delete) {
    if (reports != null
        && Retirement.begin(
            before,
            delete.version(),
            Math.max(delete.first(), views.floor()),
            delete.last(),
            reports::add,
            gate::readerLeft)) {
      gate.readerArrives();
    }
  }
}
