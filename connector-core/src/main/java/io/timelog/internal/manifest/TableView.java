package io.timelog.internal.manifest;

import io.timelog.internal.tombstone.Tombstones;
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
  private final long floor;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final Lineage lineage = new Lineage();

  /**
   * A view held once, by the caller.
   *
   * @param windows sorted by time, disjoint
   * @param floor no entry below is visible, whenever it was written
   */
  public TableView(List<PartitionWindow> windows, Tombstones tombstones, long floor) {
    this.windows = windows.toArray(PartitionWindow[]::new);
    this.only = new Source[this.windows.length];
    this.tombstones = tombstones;
    this.floor = floor;
    for (int i = 0; i < this.windows.length; i++) {
      List<Source> sources = this.windows[i].sources();
      for (Source source : sources) {
        source.retain();
      }
      only[i] = sources.size() == 1 ? sources.get(0) : null;
    }
  }

  /** A view of a table without entries. */
  public static TableView empty() {
    return new TableView(List.of(), Tombstones.NONE, Long.MIN_VALUE);
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
        for (Source source : window.sources()) {
          source.release();
        }
      }
      lineage.release();
    }
  }

  /** Says which view takes the place of this one; once, before the engine lets go of this one. */
  public void replacedBy(TableView next) {
    lineage.replacedBy(next.lineage);
  }

  /** Has the retirement told when this view and all older ones have been let go. */
  void addToLineage(Retirement retirement) {
    lineage.add(retirement);
  }

  /** Number of partition windows. */
  public int windowCount() {
    return windows.length;
  }

  /** The partition window of this number, from 0, the oldest. */
  public PartitionWindow window(int index) {
    return windows[index];
  }

  /** The source of the partition window of this number if it has one only, else null. */
  public @Nullable Source onlySource(int index) {
    return only[index];
  }

  /** All partition windows in order of time. */
  public List<PartitionWindow> windows() {
    return List.of(windows);
  }

  /** The deletes that are still to be applied. */
  public Tombstones tombstones() {
    return tombstones;
  }

  /** No entry below is visible, whenever it was written. */
  public long floor() {
    return floor;
  }

  /**
   * The number of the first window that ends at or after the timestamp; the count if there is none.
   */
  public int firstWindowNotBefore(long timestamp) {
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
