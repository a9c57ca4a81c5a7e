package io.timelog.internal.view;

import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The whole of a table at one moment: its partition windows in order of time, and its deletes.
 * Immutable, and counted: the engine holds the current view, every reader holds the one it reads,
 * and the last to let go releases the sources.
 *
 * <p>Opening a view is O(number of sources); entries are never touched.
 */
public final class TableView {
  /** A delete is joined with its neighbour only if that is over so few windows. */
  private static final int MAX_WINDOWS_OF_JOINED = 4;

  private final PartitionWindow[] windows;

  /** The source of each window that has one only, which nearly all have; read on every scan. */
  private final @Nullable Source[] only;

  private final Tombstones tombstones;

  /**
   * The view that this one was made of, until it takes its place, and how many of the oldest and of
   * the newest windows are those of it: so that a publication looks at what it changes.
   */
  private @Nullable TableView origin;

  private int oldestOfOrigin;
  private int newestOfOrigin;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final Lineage lineage = new Lineage();

  private TableView(PartitionWindow[] windows, @Nullable Source[] only, Tombstones tombstones) {
    this.windows = windows;
    this.only = only;
    this.tombstones = tombstones;
  }

  /** A view of other windows, of which most are windows of this view. */
  private TableView with(PartitionWindow[] next, Tombstones deletes) {
    int count = next.length;
    int before = sameAtStart(next);
    int after = sameAtEnd(next, before);
    @Nullable Source[] nextOnly = new Source[count];
    System.arraycopy(only, 0, nextOnly, 0, before);
    System.arraycopy(only, only.length - after, nextOnly, count - after, after);
    for (int i = before; i < count - after; i++) {
      nextOnly[i] = next[i].onlySource();
    }
    return new TableView(next, nextOnly, deletes).madeOf(this, before, after);
  }

  private TableView madeOf(TableView view, int keptOldest, int keptNewest) {
    origin = view;
    oldestOfOrigin = keptOldest;
    newestOfOrigin = keptNewest;
    return this;
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
    return with(others, tombstones);
  }

  /** Other windows, and of the deletes only those that may still hide something in them. */
  public TableView withWindowsAndNeededOf(List<PartitionWindow> next, Tombstones deletes) {
    PartitionWindow[] kept = next.toArray(PartitionWindow[]::new);
    return with(kept, neededBy(kept, deletes));
  }

  /**
   * Without the {@code count} oldest windows, and of the deletes only those that may still hide
   * something in the others.
   */
  public TableView withoutOldest(int count, Tombstones deletes) {
    int rest = windows.length - count;
    PartitionWindow[] kept = new PartitionWindow[rest];
    System.arraycopy(windows, count, kept, 0, rest);
    @Nullable Source[] keptOnly = new Source[rest];
    System.arraycopy(only, count, keptOnly, 0, rest);
    return new TableView(kept, keptOnly, neededBy(kept, deletes)).madeOf(this, 0, rest);
  }

  /** The same windows under other deletes. */
  public TableView withDeletes(Tombstones deletes) {
    return new TableView(windows, only, deletes).madeOf(this, windows.length, 0);
  }

  /** Whether a delete may hide something here. */
  public boolean isHiddenBy(Tombstone delete) {
    return hidesIn(delete, windows);
  }

  /**
   * Whether a delete hides the same if it is as new as a version. Looks at a few windows at most,
   * else says no.
   */
  public boolean hidesAlikeAt(long version, Tombstone delete) {
    int from = firstWindowNotBefore(delete.first());
    int to = lastWindowNotAfter(delete.last());
    if (to - from >= MAX_WINDOWS_OF_JOINED) {
      return false;
    }
    for (int i = from; i <= to; i++) {
      if (windows[i].hasSourceSince(delete.version() + 1, version)) {
        return false;
      }
    }
    return true;
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
    Changed changed = changedBy(next);
    forEachNotIn(next, changed, window -> window.supersedeAllBut(next.overlapping(window)));
    giveWayTo(next, changed);
  }

  /**
   * As {@link #replaceBy} with the last view of a table whose store is closed: what this view has
   * is let go and not deleted.
   */
  void closeBy(TableView last) {
    giveWayTo(last, changedBy(last));
  }

  /** The windows of two views that are not known to be the same: how many are, at either end. */
  private record Changed(int sameAtStart, int sameAtEnd) {}

  @SuppressWarnings("ReferenceEquality") // it was made of this very view or it was not
  private Changed changedBy(TableView next) {
    TableView origin = next.origin;
    next.origin = null;
    if (origin == this) {
      return new Changed(next.oldestOfOrigin, next.newestOfOrigin);
    }
    int start = sameAtStart(next.windows);
    return new Changed(start, sameAtEnd(next.windows, start));
  }

  private void giveWayTo(TableView next, Changed changed) {
    lineage.replacedBy(next.lineage);
    if (holders.compareAndSet(1, 0)) {
      next.forEachNotIn(this, changed, PartitionWindow::retain);
      forEachNotIn(next, changed, PartitionWindow::release);
      lineage.release();
    } else {
      for (PartitionWindow window : next.windows) {
        window.retain();
      }
      release();
    }
  }

  private void forEachNotIn(TableView other, Changed changed, Consumer<PartitionWindow> action) {
    int at = changed.sameAtStart();
    for (int i = at; i < windows.length - changed.sameAtEnd(); i++) {
      PartitionWindow window = windows[i];
      at = other.firstWindowFrom(at, window);
      if (!other.has(window, at)) {
        action.accept(window);
      }
    }
  }

  /** The window that has some of the time of another one, or null. */
  private @Nullable PartitionWindow overlapping(PartitionWindow other) {
    int index = firstWindowNotBefore(other.first());
    return index < windows.length && windows[index].overlaps(other.first(), other.last())
        ? windows[index]
        : null;
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
