package io.timelog.internal.checkpoint;

import io.timelog.internal.manifest.TableEntry;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.manifest.WindowEntry;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.upkeep.TableMaintenance;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.List;

/** A table at the moment of an export, which holds its sources. */
public final class TableCut {
  private final int id;
  private final TableShape shape;
  private final long cutoff;
  private final long floor;
  private final Tombstones tombstones;
  private final TableMaintenance maintenance;
  private final List<HeldWindow> windows = new ArrayList<>();

  /**
   * Holds what a view has, but for windows that lie below the floor as a whole. O(sources).
   *
   * @param id tells the table among all that its store ever had
   * @param cutoff the newest cutoff up to which everything was deleted
   * @param floor no entry below is visible
   * @param view the present view, in which nothing takes writes; the caller holds it during the
   *     call
   */
  public TableCut(
      int id,
      TableShape shape,
      long cutoff,
      long floor,
      TableView view,
      TableMaintenance maintenance) {
    this.id = id;
    this.shape = shape;
    this.cutoff = cutoff;
    this.floor = floor;
    this.tombstones = view.tombstones();
    this.maintenance = maintenance;
    for (PartitionWindow window : view.windows()) {
      if (window.newestBound() >= floor) {
        windows.add(new HeldWindow(this, window));
      }
    }
  }

  Tombstones tombstones() {
    return tombstones;
  }

  long floor() {
    return floor;
  }

  void addWaiting(List<HeldWindow.Waiting> waiting) {
    windows.forEach(window -> window.addWaiting(maintenance, waiting));
  }

  void copyRest() {
    windows.forEach(window -> window.copyRest(maintenance));
  }

  void addSegments(List<CutSegment> segments) {
    windows.forEach(window -> window.addSegments(segments));
  }

  void addKept(List<Segment> segments) {
    windows.forEach(window -> window.addKept(segments));
  }

  /** What a manifest says of the table, when all of it is in segments. */
  TableEntry entry() {
    List<WindowEntry> entries = new ArrayList<>();
    for (HeldWindow window : windows) {
      WindowEntry entry = window.entry();
      if (!entry.sources().isEmpty()) {
        entries.add(entry);
      }
    }
    return new TableEntry(id, shape, cutoff, floor, tombstones.list(), entries);
  }

  void release() {
    windows.forEach(HeldWindow::release);
  }
}
