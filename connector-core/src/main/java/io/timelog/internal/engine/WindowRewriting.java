package io.timelog.internal.engine;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memory.Purpose;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.WindowCopy;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces windows of one table that take writes by copies of what lives in them, which no delete
 * made before hides anything of. For the writer, inside an operation.
 */
final class WindowRewriting {
  private final WriterGate gate;
  private final MemoryAccount pool;
  private final CurrentView views;

  /** Free bytes of the budget with which a copy of what lives in a window did not succeed. */
  private long tooLittleRoom;

  WindowRewriting(WriterGate gate, MemoryAccount pool, CurrentView views) {
    this.gate = gate;
    this.pool = pool;
    this.views = views;
  }

  /** The tombstones of the view, or its floor, have changed: a copy may be smaller now. */
  void deletesChanged() {
    tooLittleRoom = 0;
  }

  /**
   * Replaces the window, which must take no more writes then, in the view.
   *
   * @return the copy, which takes writes now; null, and nothing changed, if there is no room for it
   */
  @Nullable MemtableWindow replace(MemtableWindow window) {
    long room = pool.availableBytes();
    MemtableWindow copy = room <= tooLittleRoom ? null : copyOf(window);
    if (copy == null) {
      tooLittleRoom = Math.max(room, tooLittleRoom);
      return null;
    }
    Source replacement = Source.active(copy);
    views.update(
        now -> {
          List<PartitionWindow> windows = new ArrayList<>(now.windows());
          int index = now.firstWindowNotBefore(window.first());
          windows.set(index, windows.get(index).withNewest(replacement));
          return now.withWindowsAndNeededOf(windows, now.tombstones());
        });
    return copy;
  }

  /** What new readers see of a window; null if there is no room for a copy. */
  private @Nullable MemtableWindow copyOf(MemtableWindow window) {
    Tombstones deletes = views.get().tombstones();
    long floor = views.floor();
    Purpose before = pool.begin(Purpose.RELIEF);
    try {
      return WindowCopy.of(
          window,
          gate.version(),
          pool,
          time -> time < floor || deletes.hides(time, window.baseVersion()));
    } catch (MemoryBudgetExceededException noRoom) {
      return null;
    } finally {
      pool.endPurpose(before);
    }
  }
}
