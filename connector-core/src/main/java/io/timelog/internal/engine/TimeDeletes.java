package io.timelog.internal.engine;

import io.timelog.LateEntries;
import io.timelog.TimeRange;
import io.timelog.internal.manifest.PartitionWindow;
import io.timelog.internal.manifest.Retirement;
import io.timelog.internal.manifest.TableView;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
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
  private final @Nullable DropQueue drops;
  private volatile long cutoff = Long.MIN_VALUE;

  TimeDeletes(
      WriterGate gate,
      CurrentView views,
      ActiveWindows active,
      WindowGrid grid,
      LateEntries lateEntries,
      @Nullable DropQueue drops) {
    this.gate = gate;
    this.views = views;
    this.active = active;
    this.grid = grid;
    this.lateEntries = lateEntries;
    this.drops = drops;
  }

  /** The newest cutoff of {@link #before}. */
  long cutoff() {
    return cutoff;
  }

  /** Deletes what is older than the cutoff. */
  void before(long newCutoff) {
    grid.floorMoved(newCutoff);
    switch (lateEntries) {
      case REFUSE -> raiseFloor(newCutoff);
      case ACCEPT -> range(TimeRange.until(newCutoff));
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
        active.leave(window);
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
      if (drops != null || mayDrop(newFloor)) {
        views.publish(old -> above(old, oldFloor, newFloor));
      }
      views.raiseFloor(newFloor);
    }
  }

  private boolean mayDrop(long newFloor) {
    TableView now = views.get();
    return now.windowCount() > 0 && now.window(0).last() < newFloor;
  }

  private TableView above(TableView old, long oldFloor, long newFloor) {
    if (drops != null) {
      noteDropped(old, new Tombstone(oldFloor, newFloor - 1, gate.endVersion()));
    }
    int dropped = old.firstWindowNotBefore(newFloor);
    for (int i = 0; i < dropped; i++) {
      active.leave(old.window(i));
    }
    return old.withoutOldest(dropped);
  }

  /**
   * Has the entries reported that a delete is about to drop. Until then the report is a reader of
   * the moment before the delete.
   */
  private void noteDropped(TableView before, Tombstone delete) {
    if (drops != null
        && Retirement.begin(
            before,
            delete.version(),
            Math.max(delete.first(), views.floor()),
            delete.last(),
            drops::add,
            gate::readerLeft)) {
      gate.readerArrives();
    }
  }
}
