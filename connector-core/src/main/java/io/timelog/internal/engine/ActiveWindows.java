package io.timelog.internal.engine;

import io.timelog.KeyGroups;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.key.Key;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one table that take writes: which of them a timestamp goes to, how they begin, and
 * how they end, sealed, rewritten or dropped. For the writer, inside an operation.
 */
final class ActiveWindows {
  private final StoreEngine store;
  private final TableMaintenance maintenance;
  private final CurrentView views;
  private final WindowGrid grid;
  private final KeyGroups keyGroups;
  private final WindowIndex index;

  /** The window of the last write, where the next one probably goes. */
  private @Nullable MemtableWindow current;

  /** Up to here a write must look whether its timestamp was deleted. */
  private long coveredUntil = Long.MIN_VALUE;

  ActiveWindows(
      StoreEngine store, TableMaintenance maintenance, CurrentView views, TableSettings settings) {
    this.store = store;
    this.maintenance = maintenance;
    this.views = views;
    this.grid = settings.grid();
    this.keyGroups = settings.keyGroups();
    this.index = settings.index();
  }

  // ---- routing -----------------------------------------------------------------------------

  /**
   * The window that takes a write at the timestamp; a new one if need be.
   *
   * @throws MemoryBudgetExceededException if there is no room for it; nothing that a reader could
   *     notice has changed
   */
  MemtableWindow at(long timestamp) {
    MemtableWindow window = current;
    if (window != null && window.covers(timestamp) && timestamp > coveredUntil) {
      return window;
    }
    return find(timestamp);
  }

  /** Whether neither the timestamp nor any later one is in the range of a delete. */
  boolean isPastDeletes(long timestamp) {
    return timestamp > coveredUntil;
  }

  private MemtableWindow find(long timestamp) {
    PartitionWindow partition = views.get().windowAt(timestamp);
    MemtableWindow window = partition == null ? null : partition.activeMemtable();
    if (window == null) {
      window = add(timestamp, partition);
    } else if (views.get().tombstones().versionAt(timestamp) >= window.baseVersion()) {
      // The timestamp was deleted while this window was open. What was written before the delete
      // stays behind, sealed; what comes after it starts a new window, which the delete does not
      // touch.
      store.sealOnly(this, window);
      window = add(timestamp, views.get().windowAt(timestamp));
    }
    current = window;
    return window;
  }

  private MemtableWindow add(long timestamp, @Nullable PartitionWindow existing) {
    TableView now = views.get();
    WindowGrid.Block block =
        existing == null
            ? grid.blockFor(timestamp, now)
            : new WindowGrid.Block(existing.first(), existing.last());
    MemtableWindow window =
        new MemtableWindow(
            block.first(),
            block.last(),
            store.gate().version(),
            keyGroups,
            index,
            store.pool(),
            predecessor(block.first(), now));
    views.publish(old -> withActive(old, block, Source.active(window)));
    return window;
  }

  /** The active window just before, if there is one. */
  private static @Nullable MemtableWindow predecessor(long first, TableView view) {
    int index = first == Long.MIN_VALUE ? -1 : view.lastWindowNotAfter(first - 1);
    return index < 0 ? null : view.window(index).activeMemtable();
  }

  /**
   * At most what the budget is asked for when {@link #at} makes a window in a partition window that
   * has none, and the row becomes the first there.
   */
  long bytesForNew(long timestamp, Key key, PendingRow row) {
    TableView now = views.get();
    PartitionWindow partition = now.windowAt(timestamp);
    MemtableWindow before = predecessor(partition == null ? timestamp : partition.first(), now);
    return MemtableWindow.bytesForNew(before, index, key, row);
  }

  private static TableView withActive(TableView old, WindowGrid.Block block, Source source) {
    List<PartitionWindow> windows = new ArrayList<>(old.windows());
    int index = old.firstWindowNotBefore(block.first());
    if (index < windows.size() && windows.get(index).first() == block.first()) {
      windows.set(index, windows.get(index).plus(source));
    } else {
      windows.add(index, new PartitionWindow(block.first(), block.last(), List.of(source)));
    }
    return old.with(windows);
  }

  // ---- deletes -----------------------------------------------------------------------------

  /** A window is about to leave the view: it must neither be written to nor give hints. */
  void leave(PartitionWindow partition) {
    MemtableWindow window = partition.activeMemtable();
    if (window != null) {
      retire(window);
    }
  }

  private void retire(MemtableWindow window) {
    window.retire();
    current = null;
  }

  /** The tombstones of the view have changed. */
  void tombstonesChanged() {
    coveredUntil = views.get().tombstones().lastCovered();
  }

  // ---- sealing -----------------------------------------------------------------------------

  /** Freezes every window; adds what it froze to the run. */
  void sealAll(List<SealedRun.Part> run) {
    if (anyActive()) {
      views.publish(
          old -> {
            List<PartitionWindow> windows = new ArrayList<>(old.windowCount());
            for (PartitionWindow window : old.windows()) {
              windows.add(sealed(window, run));
            }
            return old.with(windows);
          });
    }
  }

  private boolean anyActive() {
    TableView now = views.get();
    for (int i = 0; i < now.windowCount(); i++) {
      if (now.window(i).active() != null) {
        return true;
      }
    }
    return false;
  }

  /** Freezes one window. */
  void seal(MemtableWindow only, List<SealedRun.Part> run) {
    views.publish(
        old -> {
          List<PartitionWindow> windows = new ArrayList<>(old.windows());
          int index = old.firstWindowNotBefore(only.first());
          windows.set(index, sealed(windows.get(index), run));
          return old.with(windows);
        });
  }

  private PartitionWindow sealed(PartitionWindow window, List<SealedRun.Part> run) {
    Source active = window.active();
    if (active == null) {
      return window;
    }
    leave(window);
    Source frozen = active.sealed();
    run.add(new SealedRun.Part(maintenance, frozen));
    return window.withNewest(frozen);
  }

  // ---- size --------------------------------------------------------------------------------

  /** Bytes of all windows. */
  long bytes() {
    long bytes = 0;
    TableView now = views.get();
    for (int i = 0; i < now.windowCount(); i++) {
      Source active = now.window(i).active();
      if (active != null) {
        bytes += active.bytes();
      }
    }
    return bytes;
  }

  /** Whether a window holds much in vain. */
  boolean haveGarbage() {
    TableView now = views.get();
    for (int i = 0; i < now.windowCount(); i++) {
      MemtableWindow window = now.window(i).activeMemtable();
      if (window != null && (window.isMostlyGarbage() || window.isWorthTidying())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Gives back some of what windows hold in vain. Those that cannot be tidied are copied, where
   * there is room for that.
   *
   * @param effort see {@link MemtableWindow#tidy}
   */
  void tidy(int effort) {
    for (PartitionWindow partition : views.get().windows()) {
      MemtableWindow window = partition.activeMemtable();
      if (window != null && window.isMostlyGarbage()) {
        rewrite(window);
      } else if (window != null && window.isWorthTidying()) {
        window.tidy(store.gate().moment(), effort);
      }
    }
  }

  private void rewrite(MemtableWindow window) {
    MemtableWindow copy = copyOf(window);
    if (copy == null) {
      return;
    }
    Source replacement = Source.active(copy);
    views.publish(
        old -> {
          List<PartitionWindow> windows = new ArrayList<>(old.windows());
          int index = old.firstWindowNotBefore(window.first());
          windows.set(index, windows.get(index).withNewest(replacement));
          return old.with(windows, old.tombstones());
        });
    retire(window);
  }

  /** What new readers see of a window; null if there is no room for a copy. */
  private @Nullable MemtableWindow copyOf(MemtableWindow window) {
    Tombstones deletes = views.get().tombstones();
    long floor = views.floor();
    MemtableWindow copy = null;
    try {
      copy = MemtableWindow.forCopyOf(window, store.gate().version(), store.pool());
      copy.copyLive(window, time -> time < floor || deletes.hides(time, window.baseVersion()));
      return copy;
    } catch (MemoryBudgetExceededException noRoom) {
      if (copy != null) {
        copy.free();
      }
      return null;
    }
  }
}
