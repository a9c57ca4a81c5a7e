package io.timelog.internal.view;

import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The whole of a table at one moment: its partition windows in order of time, and its deletes.
 * Immutable, and counted: the engine holds the current view, every reader holds the one it reads,
 * and the last to let go releases the sources.
 *
 * <p>Opening a view is O(number of sources); entries are never touched.
 */
public final class TableView {
  private final PartitionWindow[] windows;

  /** The source of each window that has one only, which nearly all have; read on every scan. */
  private final @Nullable Source[] only;

  private final Tombstones tombstones;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final Lineage lineage = new Lineage();

  private TableView(PartitionWindow[] windows, @Nullable Source[] only, Tombstones tombstones) {
    this.windows = windows;
    this.only = only;
    this.tombstones = tombstones;
  }

  /** The only sources of windows of which most are windows of this view. */
  private @Nullable Source[] onlySourcesOf(PartitionWindow[] next) {
    int count = next.length;
    int before = sameAtStart(next);
    int after = sameAtEnd(next, before);
    @Nullable Source[] result = new Source[count];
    System.arraycopy(only, 0, result, 0, before);
    System.arraycopy(only, only.length - after, result, count - after, after);
    for (int i = before; i < count - after; i++) {
      result[i] = next[i].onlySource();
    }
    return result;
  }

  /** How many of the oldest windows are the same objects. */
  @SuppressWarnings("ReferenceEquality")
  private int sameAtStart(PartitionWindow[] others) {
    int most = Math.min(windows.length, others.length);
    int same = 0;
    while (same < most && windows[same] == others[same]) {
      same++;
    }
    return same;
  }

  /** How many of the newest windows, but for the oldest ones, are the same objects. */
  @SuppressWarnings("ReferenceEquality")
  private int sameAtEnd(PartitionWindow[] others, int oldest) {
    int most = Math.min(windows.length, others.length) - oldest;
    int same = 0;
    while (same < most && windows[windows.length - 1 - same] == others[others.length - 1 - same]) {
      same++;
    }
    return same;
  }

  /** A view of a table without entries. */
  public static TableView empty() {
    return new TableView(new PartitionWindow[0], new Source[0], Tombstones.NONE);
  }

  /**
   * A view to {@linkplain #replaceBy replace} this one: other windows, and all deletes.
   *
   * @param next sorted by time, disjoint
   */
  public TableView withWindows(List<PartitionWindow> next) {
    PartitionWindow[] others = next.toArray(PartitionWindow[]::new);
    return new TableView(others, onlySourcesOf(others), tombstones);
  }

  /** Other windows, and of the deletes only those that may still hide something in them. */
  public TableView withWindowsAndNeededOf(List<PartitionWindow> next, Tombstones deletes) {
    PartitionWindow[] kept = next.toArray(PartitionWindow[]::new);
    return new TableView(kept, onlySourcesOf(kept), neededBy(kept, deletes));
  }

  /** Without the {@code count} oldest windows and the deletes that hide nothing in the others. */
  public TableView withoutOldest(int count) {
    int rest = windows.length - count;
    PartitionWindow[] kept = new PartitionWindow[rest];
    System.arraycopy(windows, count, kept, 0, rest);
    @Nullable Source[] keptOnly = new Source[rest];
    System.arraycopy(only, count, keptOnly, 0, rest);
    return new TableView(kept, keptOnly, neededBy(kept, tombstones));
  }

  private static Tombstones neededBy(PartitionWindow[] windows, Tombstones deletes) {
    return deletes.isEmpty() ? deletes : deletes.keepIf(delete -> hidesIn(delete, windows));
  }

  private static boolean hidesIn(Tombstone delete, PartitionWindow[] windows) {
    int from = firstNotBefore(windows, delete.first());
    for (int i = from; i < windows.length && windows[i].first() <= delete.last(); i++) {
      if (windows[i].isHiddenBy(delete)) {
        return true;
      }
    }
    return false;
  }

  /** Holds the view once more; false if it was let go by all holders before. */
  public boolean tryRetain() {
    while (true) {
      int count = holders.get();
      if (count == 0) {
        return false;
      }
      if (holders.compareAndSet(count, count + 1)) {
        return true;
      }
    }
  }

  /** Lets go of the view. */
  public void release() {
    if (holders.decrementAndGet() == 0) {
      for (PartitionWindow window : windows) {
        window.release();
      }
      lineage.release();
    }
  }

  /**
   * Replaces this view with {@code next} and drops the engine's reference. Call once. What is not
   * in {@code next} is deleted as soon as nobody reads it. If nobody reads this view, the windows
   * that both have change hands, so that the publication costs only what it changes.
   */
  void replaceBy(TableView next) {
    supersedeAllBut(next);
    giveWayTo(next);
  }

  /**
   * As {@link #replaceBy} with the last view of a table whose store is closed: what this view has
   * is let go and not deleted.
   */
  void closeBy(TableView last) {
    giveWayTo(last);
  }

  private void giveWayTo(TableView next) {
    lineage.replacedBy(next.lineage);
    if (holders.compareAndSet(1, 0)) {
      next.retainAllBut(this);
      releaseAllBut(next);
      lineage.release();
    } else {
      next.retainAllBut(empty());
      release();
    }
  }

  private void supersedeAllBut(TableView next) {
    int at = sameAtStart(next.windows);
    int end = windows.length - sameAtEnd(next.windows, at);
    for (int i = at; i < end; i++) {
      PartitionWindow window = windows[i];
      at = next.firstWindowFrom(at, window);
      if (!next.has(window, at)) {
        boolean overlaps =
            at < next.windows.length && next.windows[at].overlaps(window.first(), window.last());
        window.supersedeAllBut(overlaps ? next.windows[at] : null);
      }
    }
  }

  private void retainAllBut(TableView held) {
    int at = sameAtStart(held.windows);
    int end = windows.length - sameAtEnd(held.windows, at);
    for (int i = at; i < end; i++) {
      PartitionWindow window = windows[i];
      at = held.firstWindowFrom(at, window);
      if (!held.has(window, at)) {
        window.retain();
      }
    }
  }

  private void releaseAllBut(TableView held) {
    int at = sameAtStart(held.windows);
    int end = windows.length - sameAtEnd(held.windows, at);
    for (int i = at; i < end; i++) {
      PartitionWindow window = windows[i];
      at = held.firstWindowFrom(at, window);
      if (!held.has(window, at)) {
        window.release();
      }
    }
  }

  /** The number, from {@code at} on, of the first window that does not end before another. */
  private int firstWindowFrom(int at, PartitionWindow other) {
    int index = at;
    while (index < windows.length && windows[index].last() < other.first()) {
      index++;
    }
    return index;
  }

  @SuppressWarnings("ReferenceEquality") // what is held is this very object's sources
  private boolean has(PartitionWindow window, int index) {
    return index < windows.length && windows[index] == window;
  }

  Lineage lineage() {
    return lineage;
  }

  /** Number of partition windows. */
  public int windowCount() {
    return windows.length;
  }

  /** The partition window of this number, from 0, the oldest. */
  public PartitionWindow window(int index) {
    return windows[index];
  }

  /** The number of the partition window that the timestamp belongs to; -1 if there is none. */
  public int indexAt(long timestamp) {
    int index = firstWindowNotBefore(timestamp);
    return index < windows.length && windows[index].covers(timestamp) ? index : -1;
  }

  /** The partition window that the timestamp belongs to, or null. */
  public @Nullable PartitionWindow windowAt(long timestamp) {
    int index = firstWindowNotBefore(timestamp);
    return index < windows.length && windows[index].covers(timestamp) ? windows[index] : null;
  }

  /** The source of the partition window of this number if it has one only, else null. */
  public @Nullable Source onlySource(int index) {
    return only[index];
  }

  /** All partition windows in order of time. */
  public List<PartitionWindow> windows() {
    return Collections.unmodifiableList(Arrays.asList(windows));
  }

  /** The deletes that are still to be applied. */
  public Tombstones tombstones() {
    return tombstones;
  }

  /**
   * The number of the first window that ends at or after the timestamp; the count if there is none.
   */
  public int firstWindowNotBefore(long timestamp) {
    return firstNotBefore(windows, timestamp);
  }

  private static int firstNotBefore(PartitionWindow[] windows, long timestamp) {
    int low = 0;
    int high = windows.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (windows[middle].last() < timestamp) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The number of the last window that starts at or before the timestamp; -1 if there is none. */
  public int lastWindowNotAfter(long timestamp) {
    int low = -1;
    int high = windows.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (windows[middle].first() > timestamp) {
        high = middle - 1;
      } else {
        low = middle;
      }
    }
    return low;
  }
}
