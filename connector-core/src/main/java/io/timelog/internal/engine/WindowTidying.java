package io.timelog.internal.engine;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.compaction.EntryFiltering;
import io.timelog.internal.memtable.EntryChoice;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.row.OlderEntries;
import io.timelog.internal.row.UnneededTombstones;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.upkeep.TableMaintenance;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frees what windows of one table that take writes hold in vain: in place, or by a copy of what
 * lives. For the writer, inside an operation.
 */
final class WindowTidying {
  private final WriterGate gate;
  private final TableMaintenance maintenance;
  private final CurrentView views;
  private final ActiveWindows active;
  private final WindowRewriting rewriting;
  private final @Nullable EntryFiltering filter;

  /** No window has rows below this. */
  private long tidiedFloor = Long.MIN_VALUE;

  /** No window has rows that deletes up to this version hide. */
  private long tidiedDeletes = -1;

  WindowTidying(
      WriterGate gate,
      TableMaintenance maintenance,
      CurrentView views,
      ActiveWindows active,
      WindowRewriting rewriting,
      @Nullable EntryFiltering filter) {
    this.gate = gate;
    this.maintenance = maintenance;
    this.views = views;
    this.active = active;
    this.rewriting = rewriting;
    this.filter = filter;
  }

  /**
   * Frees garbage in the window that was written to last, if that is worth it.
   *
   * @param effort see {@link MemtableWindow#tidy}
   */
  void tidyCurrent(int effort) {
    MemtableWindow window = active.current();
    if (window != null) {
      tidy(window, effort);
    }
  }

  /**
   * Frees garbage in all windows where that is worth it, and rows that were deleted, as far as
   * there is room to work in.
   */
  void tidyAll() {
    TableView now = views.get();
    long floor = views.floor();
    boolean complete = true;
    for (PartitionWindow partition : now.windows()) {
      MemtableWindow window = partition.activeMemtable();
      if (window != null) {
        if (hasDeleted(window, now, floor)) {
          if (rewrite(window)) {
            continue;
          }
          complete &= purge(window, now, floor);
        }
        tidyAsFarAsPossible(window);
      }
    }
    if (complete) {
      tidiedFloor = floor;
      tidiedDeletes = now.tombstones().newestVersion();
    }
  }

  private boolean hasDeleted(MemtableWindow window, TableView now, long floor) {
    return (window.oldestBound() < floor && tidiedFloor < floor)
        || (tidiedDeletes < now.tombstones().newestVersion()
            && now.tombstones().touch(window.first(), window.last(), window.baseVersion()));
  }

  /** Removes rows that were deleted one by one; false if not all of them could be removed. */
  private boolean purge(MemtableWindow window, TableView now, long floor) {
    if (window.hasTombstones()) {
      return false;
    }
    try {
      if (window.first() < floor) {
        window.removeRangeOfAll(window.first(), Math.min(floor - 1, window.last()), gate.moment());
      }
      for (Tombstone delete : now.tombstones().list()) {
        // What was written here after the delete is in another window.
        if (delete.version() >= window.baseVersion()
            && delete.overlaps(window.first(), window.last())) {
          window.removeRangeOfAll(
              Math.max(delete.first(), window.first()),
              Math.min(delete.last(), window.last()),
              gate.moment());
        }
      }
      return true;
    } catch (MemoryBudgetExceededException noRoom) {
      return false;
    }
  }

  /**
   * Removes tombstones that hide nothing any more, since segments below were written without it,
   * and windows without rows; whether there were any.
   */
  boolean dropTombstones() {
    boolean any = false;
    for (long first : maintenance.takeLightened()) {
      PartitionWindow partition = views.get().windowAt(first);
      MemtableWindow window = partition == null ? null : partition.activeMemtable();
      if (partition != null && window != null && window.rowCount() > window.liveRows()) {
        any |= dropTombstones(partition, window);
      }
    }
    return any;
  }

  private boolean dropTombstones(PartitionWindow partition, MemtableWindow window) {
    List<Source> sources = partition.sources();
    UnneededTombstones unneeded =
        new UnneededTombstones(
            sources.subList(0, sources.size() - 1).stream().map(Source::rows).toList());
    int before = window.rowCount();
    try {
      window.removeTombstones(unneeded, gate.moment());
    } catch (MemoryBudgetExceededException noRoom) {
      // The rest stays for another time.
    }
    if (window.rowCount() == before) {
      return false;
    }
    maintenance.tombstonesRemoved(partition);
    if (window.rowCount() == 0) {
      dropNewest(window);
    } else {
      tidyAsFarAsPossible(window);
    }
    return true;
  }

  /**
   * Entries of a window that takes writes which the filter of the table gives up.
   *
   * @param entries by their numbers in the window
   */
  record GivenUp(MemtableWindow window, BitSet entries) {}

  /**
   * What the filter of the table gives up in windows that take writes; of a map without those that
   * older sources have an older value of. Asks about every entry there, between two operations.
   */
  List<GivenUp> findGivenUp() {
    List<GivenUp> found = new ArrayList<>();
    if (filter != null) {
      filter.begin();
      for (PartitionWindow partition : views.get().windows()) {
        MemtableWindow window = partition.activeMemtable();
        if (window != null && window.liveRows() > 0) {
          BitSet entries = window.select(choiceOf(filter, partition));
          if (!entries.isEmpty()) {
            found.add(new GivenUp(window, entries));
          }
        }
      }
    }
    return found;
  }

  private static EntryChoice choiceOf(EntryFiltering filter, PartitionWindow partition) {
    List<Source> sources = partition.sources();
    OlderEntries older =
        new OlderEntries(
            sources.subList(0, sources.size() - 1).stream().map(Source::rows).toList());
    return (key, entry) -> {
      filter.startKey(key);
      return filter.givesUp(entry) && !(filter.wouldUncover() && older.include(key, entry));
    };
  }

  /** Removes what was just found, and windows without rows; whether that was anything. */
  boolean drop(GivenUp found) {
    MemtableWindow window = found.window();
    int before = window.rowCount();
    try {
      window.removeEntries(found.entries(), gate.moment());
    } catch (MemoryBudgetExceededException noRoom) {
      // The rest stays for another time.
    }
    int dropped = before - window.rowCount();
    if (dropped == 0) {
      return false;
    }
    if (filter != null) {
      filter.countDropped(dropped);
    }
    if (window.rowCount() == 0) {
      dropNewest(window);
    } else {
      tidyAsFarAsPossible(window);
    }
    return true;
  }

  /** Takes a window without rows out of the view. */
  private void dropNewest(MemtableWindow window) {
    views.update(
        now -> {
          List<PartitionWindow> windows = new ArrayList<>(now.windows());
          int index = now.firstWindowNotBefore(window.first());
          List<Source> rest = new ArrayList<>(windows.get(index).sources());
          rest.remove(rest.size() - 1);
          if (rest.isEmpty()) {
            windows.remove(index);
          } else {
            windows.set(index, windows.get(index).withSources(rest));
          }
          return now.withWindowsAndNeededOf(windows, now.tombstones());
        });
    active.endWrites(window);
    window.journal().discardIfUnknown();
  }

  /** Windows that cannot be tidied in place are copied, if there is room for that. */
  private void tidy(MemtableWindow window, int effort) {
    if (window.isMostlyGarbage()) {
      rewrite(window);
    } else if (window.isWorthTidying()) {
      window.tidy(gate.moment(), effort);
    }
  }

  /** Replaces the window by a copy of what lives; false if there is no room for it. */
  private boolean rewrite(MemtableWindow window) {
    if (rewriting.replace(window) == null) {
      return false;
    }
    active.endWrites(window);
    return true;
  }

  private void tidyAsFarAsPossible(MemtableWindow window) {
    if (window.isMostlyGarbage() && rewrite(window)) {
      return;
    }
    if (window.isWorthForgettingTimes()) {
      window.forgetTimes(gate.moment());
    }
    window.packWhenShort(gate.moment());
    long before = Long.MAX_VALUE;
    while (window.isWorthTidyingWhenShort() && window.bytes() < before) {
      before = window.bytes();
      window.tidy(gate.moment(), Integer.MAX_VALUE);
    }
  }
}
