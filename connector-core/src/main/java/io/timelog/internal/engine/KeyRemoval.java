package io.timelog.internal.engine;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.TimeRange;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.read.PointRead;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The removals of one table that are of one key. Rows in the memtable are taken out; what older
 * sources have of the key is hidden by a tombstone among the rows. For the writer, inside an
 * operation.
 */
final class KeyRemoval {
  private final WriterGate gate;
  private final MemoryAccount pool;
  private final Rule rule;
  private final CurrentView views;
  private final ActiveWindows active;
  private final PendingRow row = new PendingRow();

  KeyRemoval(
      WriterGate gate, MemoryAccount pool, Rule rule, CurrentView views, ActiveWindows active) {
    this.gate = gate;
    this.pool = pool;
    this.rule = rule;
    this.views = views;
    this.active = active;
  }

  /**
   * Removes the entry of a map at a timestamp and subkey, if there is one.
   *
   * @return whether anything was written
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  boolean entry(Key key, long timestamp, byte[] subkey) {
    // Held, because background maintenance may replace and free a sealed source while it is read.
    TableView held = views.retain();
    try {
      PartitionWindow partition = held.windowAt(timestamp);
      return partition != null && removeEntry(partition, key, timestamp, subkey);
    } finally {
      held.release();
    }
  }

  /**
   * As {@link #entry}, and returns the value that the entry had; null if there was none.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  byte @Nullable [] value(Key key, long timestamp, byte[] subkey) {
    TableView held = views.retain();
    try {
      PartitionWindow partition = held.windowAt(timestamp);
      if (partition == null || timestamp < views.floor()) {
        return null;
      }
      byte[] value = PointRead.get(held, gate.version(), key, timestamp, subkey);
      if (value != null) {
        removeEntry(partition, key, timestamp, subkey);
      }
      return value;
    } finally {
      held.release();
    }
  }

  /** The value of the entry of a map at a timestamp and subkey; null if there is none. */
  byte @Nullable [] read(Key key, long timestamp, byte[] subkey) {
    TableView held = views.retain();
    try {
      return timestamp < views.floor()
          ? null
          : PointRead.get(held, gate.version(), key, timestamp, subkey);
    } finally {
      held.release();
    }
  }

  private boolean removeEntry(PartitionWindow partition, Key key, long timestamp, byte[] subkey) {
    row.pointTombstone(timestamp, subkey);
    if (olderSourcesHave(partition, key, timestamp, timestamp)) {
      active.put(key, row);
      return true;
    }
    MemtableWindow memtable = partition.activeMemtable();
    boolean removed = memtable != null && memtable.remove(key, row, gate.moment());
    if (removed) {
      active.dropEmpty(timestamp, timestamp);
    }
    return removed;
  }

  /**
   * Removes all entries of one key in the range.
   *
   * @return whether anything may have been written
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  boolean range(Key key, TimeRange range) {
    TableView held = views.retain();
    try {
      List<Part> parts = parts(held, key, range);
      if (parts.isEmpty()) {
        return false;
      }
      // In all windows or in none: the memory for all of them is set aside before the first.
      long bytes = 0;
      for (Part part : parts) {
        bytes += bytesFor(part, key);
      }
      pool.prefund(bytes);
      try {
        for (Part part : parts) {
          remove(part, key);
        }
      } finally {
        pool.settle();
      }
      active.dropEmpty(parts.get(0).first, parts.get(parts.size() - 1).last);
      return true;
    } finally {
      held.release();
    }
  }

  /**
   * What is to be done in one partition window.
   *
   * @param memtable the window that takes writes, or null
   * @param hideUntil how far a tombstone from {@code first} on has to reach
   * @param needsTombstone whether one is needed
   */
  private record Part(
      @Nullable MemtableWindow memtable,
      long first,
      long last,
      long hideUntil,
      boolean needsTombstone) {}

  private List<Part> parts(TableView held, Key key, TimeRange range) {
    List<Part> parts = new ArrayList<>();
    int to = held.lastWindowNotAfter(range.last());
    for (int i = held.firstWindowNotBefore(range.first()); i <= to; i++) {
      PartitionWindow partition = held.window(i);
      long first = Math.max(range.first(), partition.first());
      long last = Math.min(range.last(), partition.last());
      MemtableWindow memtable = partition.activeMemtable();
      boolean hasKey = memtable != null && memtable.firstOfHash(key) != MemtableWindow.ABSENT;
      // A tombstone among the rows may reach further than they do; what it hides must stay hidden.
      long hideUntil =
          memtable == null || !hasKey ? last : furthestTombstone(memtable, key, first, last);
      boolean needsTombstone = hideUntil > last || olderSourcesHave(partition, key, first, last);
      if (hasKey || needsTombstone) {
        parts.add(new Part(memtable, first, last, hideUntil, needsTombstone));
      }
    }
    return parts;
  }

  private long bytesFor(Part part, Key key) {
    MemtableWindow memtable = part.memtable;
    if (memtable == null) {
      return active.bytesForNew(part.first, key, row.rangeTombstone(part.first, part.hideUntil));
    }
    PendingRow tombstone =
        part.needsTombstone ? row.rangeTombstone(part.first, part.hideUntil) : null;
    return memtable.bytesToRemove(key, part.first, part.last, tombstone, gate.moment());
  }

  private void remove(Part part, Key key) {
    MemtableWindow memtable = part.memtable;
    if (memtable != null) {
      memtable.removeRange(key, part.first, part.last, gate.moment());
    }
    if (part.needsTombstone) {
      row.rangeTombstone(part.first, part.hideUntil);
      if (memtable != null) {
        memtable.appendRangeTombstone(rule, key, row, gate.moment());
      } else {
        active.appendRangeTombstone(key, row);
      }
    }
  }

  /** Whether a sealed source has any row of the key in the closed range. */
  private static boolean olderSourcesHave(
      PartitionWindow partition, Key key, long first, long last) {
    for (Source source : partition.sources()) {
      if (source.stage() != Source.Stage.ACTIVE
          && source.rows().hasRows(key, Long.MAX_VALUE, first, last)) {
        return true;
      }
    }
    return false;
  }

  private static long furthestTombstone(MemtableWindow memtable, Key key, long first, long last) {
    long furthest = last;
    if (memtable.hasTombstones()) {
      RowCursor rows = memtable.find(key, Long.MAX_VALUE, first, last);
      while (rows != null && rows.advance()) {
        furthest = Math.max(furthest, rows.rangeLast());
      }
    }
    return furthest;
  }
}
