package io.timelog.internal.engine;

import io.timelog.ByteTarget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableRows;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.memtable.RowBatch;
import io.timelog.internal.read.PointRead;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The removals of one table that are of one key, with or without entries that take the place of
 * what is removed. Rows in the memtable are taken out; what older sources have of the key is hidden
 * by a tombstone among the rows. For the writer, inside an operation.
 */
final class KeyRemoval {
  private final WriterGate gate;
  private final MemoryAccount pool;
  private final Rule rule;
  private final CurrentView views;
  private final ActiveWindows active;
  private final PresentEntries present;
  private final PendingRow row = new PendingRow();
  private final ActiveWindows.HiddenBelow below = this::tombstoneBelow;

  /** What the removal under way has to do, in one partition window each; reused. */
  private Part[] parts = {new Part()};

  private int partCount;

  KeyRemoval(
      WriterGate gate,
      MemoryAccount pool,
      Rule rule,
      CurrentView views,
      ActiveWindows active,
      PresentEntries present) {
    this.gate = gate;
    this.pool = pool;
    this.rule = rule;
    this.views = views;
    this.active = active;
    this.present = present;
  }

  /**
   * Removes the entry of a map at a timestamp and subkey, if there is one.
   *
   * @return whether anything was written
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  boolean entry(Key key, long timestamp, Span subkey) {
    MemtableWindow only = PresentEntries.onlyMemtableAt(views.get(), timestamp);
    if (only != null) {
      return removeFrom(only, key, row.pointTombstone(timestamp, subkey));
    }
    // Held, because background maintenance may replace and free a sealed source while it is read.
    TableView held = views.retain();
    try {
      PartitionWindow partition = held.windowAt(timestamp);
      return partition != null && removeFrom(partition, key, row.pointTombstone(timestamp, subkey));
    } finally {
      held.release();
    }
  }

  /**
   * As {@link #entry}, and copies the value that the entry had; false if there was none.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  boolean value(Key key, long timestamp, Span subkey, ByteTarget into) {
    return present.read(key, timestamp, subkey, into) != PointRead.ABSENT
        && entry(key, timestamp, subkey);
  }

  private boolean removeFrom(PartitionWindow partition, Key key, PendingRow wanted) {
    if (olderSourcesHave(partition, key, wanted.timestamp(), wanted.timestamp())) {
      active.put(key, wanted);
      return true;
    }
    MemtableWindow memtable = partition.activeMemtable();
    return memtable != null && removeFrom(memtable, key, wanted);
  }

  private boolean removeFrom(MemtableWindow memtable, Key key, PendingRow wanted) {
    memtable.journal().makeRoom(key, wanted);
    boolean removed = memtable.remove(key, wanted, gate.moment());
    if (removed) {
      memtable.journal().wrote(key, wanted);
      dropIfEmpty(memtable);
    }
    return removed;
  }

  private void dropIfEmpty(MemtableWindow memtable) {
    if (memtable.rowCount() == 0) {
      active.dropEmpty(memtable.first(), memtable.last());
    }
  }

  /**
   * Removes all entries of one key in the closed range.
   *
   * @return whether anything may have been written
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  boolean range(Key key, long from, long to) {
    MemtableWindow only = from <= to ? onlyMemtable(from, to) : null;
    if (only != null) {
      only.journal().makeRoomForRange(key);
      boolean removed = only.removeRange(key, from, to, gate.moment()) > 0;
      if (removed) {
        only.journal().removedRange(key, from, to);
        dropIfEmpty(only);
      }
      return removed;
    }
    TableView held = views.retain();
    try {
      plan(held, key, from, to);
      if (partCount == 0) {
        return false;
      }
      // In all windows or in none: the memory for all of them is set aside before the first.
      makeRoomInJournals(key);
      long bytes = bytes(key);
      if (bytes > 0) {
        pool.prefund(bytes);
      }
      try {
        removePlanned(key);
      } finally {
        if (bytes > 0) {
          pool.settle();
        }
      }
      active.dropEmpty(parts[0].first, parts[partCount - 1].last);
      return true;
    } finally {
      forgetParts();
      held.release();
    }
  }

  /**
   * The only source that has rows in a closed range, if it takes writes and nobody reads: then rows
   * are taken out of it without memory, and hide nothing elsewhere. Else null.
   */
  private @Nullable MemtableWindow onlyMemtable(long from, long to) {
    if (gate.moment().hasReaders()) {
      return null;
    }
    TableView now = views.get();
    int index = now.firstWindowNotBefore(from);
    if (index >= now.windowCount() || index != now.lastWindowNotAfter(to)) {
      return null;
    }
    MemtableWindow only = PresentEntries.onlyMemtable(now, index);
    return only == null || only.rows().rangeReach() != RangeReach.NO_RANGES ? null : only;
  }

  /**
   * Puts entries in the place of all that a key has at their timestamp, all or none.
   *
   * @param batch has at least one
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  void replace(Key key, RowBatch batch) {
    active.replaceAll(key, batch, below);
  }

  /**
   * What hides the rows of a timestamp in the sources below a window, and what a tombstone at that
   * timestamp hid until now; null if there is nothing.
   */
  private @Nullable PendingRow tombstoneBelow(MemtableWindow window, Key key, long timestamp) {
    boolean isOnly = isOnlyWith(window, timestamp);
    if (isOnly && window.rows().rangeReach() == RangeReach.NO_RANGES) {
      return null;
    }
    long hideUntil = furthestTombstone(window, key, timestamp, timestamp);
    return hideUntil > timestamp || (!isOnly && othersHave(window, key, timestamp))
        ? row.rangeTombstone(timestamp, hideUntil)
        : null;
  }

  @SuppressWarnings("ReferenceEquality") // the very window that is written to
  private boolean isOnlyWith(MemtableWindow window, long timestamp) {
    return PresentEntries.onlyMemtableAt(views.get(), timestamp) == window;
  }

  /** Whether a source other than the window has a row of the key at the timestamp. */
  @SuppressWarnings("ReferenceEquality") // the very window that is written to
  private boolean othersHave(MemtableWindow window, Key key, long timestamp) {
    TableView held = views.retain();
    try {
      PartitionWindow partition = held.windowAt(timestamp);
      if (partition == null) {
        return false;
      }
      for (Source source : partition.sources()) {
        boolean isWindow = source.stage() == Source.Stage.ACTIVE && source.memtable() == window;
        if (!isWindow && source.rows().hasRows(key, Long.MAX_VALUE, timestamp, timestamp)) {
          return true;
        }
      }
      return false;
    } finally {
      held.release();
    }
  }

  /** What is to be done in one partition window. */
  private static final class Part {
    /** The window that takes writes, or null. */
    private @Nullable MemtableWindow memtable;

    private long first;
    private long last;

    /** How far a tombstone from {@code first} on has to reach. */
    private long hideUntil;

    private boolean needsTombstone;
  }

  private void plan(TableView held, Key key, long from, long to) {
    int end = held.lastWindowNotAfter(to);
    for (int i = held.firstWindowNotBefore(from); i <= end; i++) {
      PartitionWindow partition = held.window(i);
      long first = Math.max(from, partition.first());
      long last = Math.min(to, partition.last());
      MemtableWindow memtable = partition.activeMemtable();
      boolean hasKey = memtable != null && memtable.rows().firstOfHash(key) != MemtableRows.ABSENT;
      // A tombstone among the rows may reach further than they do; what it hides must stay hidden.
      long hideUntil =
          memtable == null || !hasKey ? last : furthestTombstone(memtable, key, first, last);
      boolean needsTombstone = hideUntil > last || olderSourcesHave(partition, key, first, last);
      if (hasKey || needsTombstone) {
        Part part = nextPart();
        part.memtable = memtable;
        part.first = first;
        part.last = last;
        part.hideUntil = hideUntil;
        part.needsTombstone = needsTombstone;
      }
    }
  }

  private Part nextPart() {
    if (partCount == parts.length) {
      parts = Arrays.copyOf(parts, partCount * 2);
      for (int i = partCount; i < parts.length; i++) {
        parts[i] = new Part();
      }
    }
    return parts[partCount++];
  }

  /** Keeps no window alive. */
  private void forgetParts() {
    for (int i = 0; i < partCount; i++) {
      parts[i].memtable = null;
    }
    partCount = 0;
  }

  /** Windows that are still to be made have theirs set aside. */
  private void makeRoomInJournals(Key key) {
    for (int i = 0; i < partCount; i++) {
      MemtableWindow memtable = parts[i].memtable;
      if (memtable != null) {
        memtable.journal().makeRoomForRange(key);
      }
    }
  }

  private long bytes(Key key) {
    long bytes = 0;
    for (int i = 0; i < partCount; i++) {
      bytes += bytesFor(parts[i], key);
    }
    return bytes;
  }

  private void removePlanned(Key key) {
    for (int i = 0; i < partCount; i++) {
      remove(parts[i], key);
    }
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
    if (memtable != null) {
      memtable.journal().removedRange(key, part.first, part.last);
    }
  }

  /** Whether a sealed source has any row of the key in the closed range. */
  private static boolean olderSourcesHave(
      PartitionWindow partition, Key key, long first, long last) {
    List<Source> sources = partition.sources();
    for (int i = 0; i < sources.size(); i++) {
      Source source = sources.get(i);
      if (source.stage() != Source.Stage.ACTIVE
          && source.rows().hasRows(key, Long.MAX_VALUE, first, last)) {
        return true;
      }
    }
    return false;
  }

  private static long furthestTombstone(MemtableWindow memtable, Key key, long first, long last) {
    long furthest = last;
    if (memtable.rows().rangeReach() != RangeReach.NO_RANGES) {
      RowCursor rows = memtable.rows().find(key, Long.MAX_VALUE, first, last);
      while (rows != null && rows.advance()) {
        furthest = Math.max(furthest, rows.rangeLast());
      }
    }
    return furthest;
  }
}
