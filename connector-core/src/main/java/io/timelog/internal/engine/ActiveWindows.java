package io.timelog.internal.engine;

import io.timelog.KeyGroups;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.memtable.PendingRows;
import io.timelog.internal.memtable.RoomEstimates;
import io.timelog.internal.memtable.RowBatch;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.upkeep.SealedRun;
import io.timelog.internal.upkeep.TableMaintenance;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.MemtableSource;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one table that take writes: which of them a timestamp goes to, how they begin, and
 * how they leave the view. For the writer, inside an operation.
 */
final class ActiveWindows {
  /*
   * A new window is published with its first row in it: until that is written the window is only
   * prepared, and forgotten if the row finds no room.
   *
   * The kinds of write have the same frame. One frame that is given the call would be deeper than
   * the compiler inlines, which was measured at a tenth of an append.
   */

  /**
   * A window up to so large goes on as a copy without what was deleted, rather than be sealed: what
   * is sealed costs a window, a view, and a segment that has to be merged.
   */
  private static final int MAX_COPIED_ROWS = 256;

  private static final long MAX_COPIED_BYTES = 32 << 10;

  private final WriterGate gate;
  private final MemoryAccount pool;
  private final TableMaintenance maintenance;
  private final CurrentView views;
  private final Consumer<SealedRun> whenSealed;
  private final WindowGrid grid;
  private final WindowRewriting rewriting;
  private final Rule rule;
  private final KeyGroups keyGroups;
  private final WindowIndex index;
  private final TableJournal journal;

  /** The window of the last write, where the next one probably goes. */
  private @Nullable MemtableWindow current;

  private @Nullable PreparedWindow prepared;

  /** The windows that a batch will make, which has room for these and no others. */
  private List<WindowGrid.Block> planned = List.of();

  /** Up to here a write must look whether its timestamp was deleted. */
  private long coveredUntil = Long.MIN_VALUE;

  ActiveWindows(
      WriterGate gate,
      MemoryAccount pool,
      TableMaintenance maintenance,
      CurrentView views,
      TableSettings settings,
      WindowRewriting rewriting,
      TableJournal journal,
      Consumer<SealedRun> whenSealed) {
    this.gate = gate;
    this.journal = journal;
    this.pool = pool;
    this.maintenance = maintenance;
    this.views = views;
    this.whenSealed = whenSealed;
    this.grid = settings.grid();
    this.rewriting = rewriting;
    this.rule = settings.rule();
    this.keyGroups = settings.keyGroups();
    this.index = settings.index();
  }

  /**
   * A window that is not in the view yet.
   *
   * @param replaced the window that is sealed when this one is published, or null
   */
  private record PreparedWindow(MemtableWindow window, @Nullable MemtableWindow replaced) {}

  /**
   * Appends a row of a multimap.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  void append(Key key, PendingRow row) {
    MemtableWindow window = at(row.timestamp());
    try {
      window.journal().makeRoom(key, row);
      window.append(key, row, gate.moment());
    } catch (RuntimeException | Error refused) {
      undo(row.timestamp());
      throw refused;
    }
    window.journal().wrote(key, row);
    if (prepared != null) {
      admit(prepared);
    }
  }

  /**
   * Puts a row of a map, which may be a tombstone.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  void put(Key key, PendingRow row) {
    MemtableWindow window = at(row.timestamp());
    try {
      window.journal().makeRoom(key, row);
      window.put(key, row, gate.moment());
    } catch (RuntimeException | Error refused) {
      undo(row.timestamp());
      throw refused;
    }
    window.journal().wrote(key, row);
    if (prepared != null) {
      admit(prepared);
    }
  }

  /**
   * Adds a range tombstone.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  void appendRangeTombstone(Key key, PendingRow row) {
    MemtableWindow window = at(row.timestamp());
    try {
      window.journal().makeRoom(key, row);
      window.appendRangeTombstone(rule, key, row, gate.moment());
    } catch (RuntimeException | Error refused) {
      undo(row.timestamp());
      throw refused;
    }
    window.journal().wrote(key, row);
    if (prepared != null) {
      admit(prepared);
    }
  }

  /** What a replacement has to hide in the sources below the window that takes its rows. */
  interface HiddenBelow {
    /** A range tombstone from the timestamp on; null if there is nothing to hide. */
    @Nullable PendingRow tombstone(MemtableWindow window, Key key, long timestamp);
  }

  /**
   * Puts rows in the place of all that a key has at their timestamp, all or none.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  void replaceAll(Key key, RowBatch batch, HiddenBelow below) {
    long timestamp = batch.timestamp();
    MemtableWindow window = at(timestamp);
    try {
      window.journal().makeRoom(key, batch);
      PendingRow tombstone = below.tombstone(window, key, timestamp);
      window.replaceAll(rule, key, tombstone, batch, gate.moment());
    } catch (RuntimeException | Error refused) {
      undo(timestamp);
      throw refused;
    }
    window.journal().replaced(key, batch);
    if (prepared != null) {
      admit(prepared);
    }
  }

  /** A write was refused: no window is left without rows because of it. */
  private void undo(long timestamp) {
    abandon();
    dropEmpty(timestamp, timestamp);
  }

  /**
   * Appends rows that come in order and are alike, as far as that goes at once; returns how many.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  int appendStretch(Key key, PendingRows pending, int from, int end) {
    long timestamp = pending.timestamp(from);
    MemtableWindow window = current;
    if (window == null || !takes(window, timestamp)) {
      return 0;
    }
    window.journal().makeRoom(key, pending, from, end);
    int count = window.appendStretch(key, pending, from, end, gate.moment());
    window.journal().wrote(key, pending, from, count);
    return count;
  }

  /** The window that takes a write at the timestamp; a new one is prepared if need be. */
  private MemtableWindow at(long timestamp) {
    MemtableWindow window = current;
    return window != null && takes(window, timestamp) ? window : find(timestamp);
  }

  /** Whether the window of the last write takes one at the timestamp, as can be told at once. */
  private boolean takes(MemtableWindow window, long timestamp) {
    return window.covers(timestamp) && timestamp > coveredUntil && !window.isFull();
  }

  private MemtableWindow find(long timestamp) {
    TableView now = views.get();
    PartitionWindow partition = now.windowAt(timestamp);
    MemtableWindow window = partition == null ? null : partition.activeMemtable();
    if (window == null) {
      return prepare(timestamp, partition, null);
    }
    MemtableWindow untouched = untouched(window, timestamp, now);
    if (untouched == null) {
      return prepare(timestamp, partition, window);
    }
    current = untouched;
    return untouched;
  }

  /**
   * A window of which no delete hides a row that is written at the timestamp now: this one or, if
   * it is small, a copy that takes its place; null if a new one must be begun.
   *
   * <p>If the timestamp was deleted while the window was open, what was written before the delete
   * must stay apart from what comes after it. It stays behind, sealed, or only what of it lives
   * goes on.
   */
  private @Nullable MemtableWindow untouched(MemtableWindow window, long timestamp, TableView now) {
    if (window.isFull()) {
      return null;
    }
    if (now.tombstones().versionAt(timestamp) < window.baseVersion()) {
      return window;
    }
    // What was set aside for an operation is not for a copy.
    MemtableWindow copy =
        window.rowCount() > MAX_COPIED_ROWS
                || window.bytes() > MAX_COPIED_BYTES
                || pool.hasSetAside()
            ? null
            : rewriting.replace(window);
    if (copy != null) {
      endWrites(window);
    }
    return copy;
  }

  private MemtableWindow prepare(
      long timestamp, @Nullable PartitionWindow partition, @Nullable MemtableWindow replaced) {
    TableView now = views.get();
    WindowGrid.Block block =
        partition == null
            ? blockFor(timestamp, now)
            : new WindowGrid.Block(partition.first(), partition.last());
    MemtableWindow window =
        new MemtableWindow(
            block.first(),
            block.last(),
            gate.version(),
            keyGroups,
            index,
            pool,
            partition == null ? predecessor(block.first(), now) : null,
            partition == null
                ? journal.firstWindow(gate.version(), block.first(), block.last())
                : journal.laterWindow(gate.version(), block.first(), block.last()));
    prepared = new PreparedWindow(window, replaced);
    return window;
  }

  private WindowGrid.Block blockFor(long timestamp, TableView now) {
    for (WindowGrid.Block block : planned) {
      if (block.first() <= timestamp && timestamp <= block.last()) {
        return block;
      }
    }
    return grid.blockFor(timestamp, now);
  }

  /**
   * The active window just before, if there is one: it tells what to expect in a new partition
   * window, but not in one that was flushed, where a tombstone may be all that comes.
   */
  private static @Nullable MemtableWindow predecessor(long first, TableView view) {
    int index = first == Long.MIN_VALUE ? -1 : view.lastWindowNotAfter(first - 1);
    return index < 0 ? null : view.window(index).activeMemtable();
  }

  /** The write into a prepared window failed. */
  private void abandon() {
    PreparedWindow failed = prepared;
    if (failed != null) {
      prepared = null;
      failed.window.journal().discard();
      failed.window.free();
    }
  }

  /** Publishes the prepared window, which has a row now. */
  private void admit(PreparedWindow begun) {
    prepared = null;
    publish(begun);
    current = begun.window;
  }

  private void publish(PreparedWindow begun) {
    MemtableWindow window = begun.window;
    Source source = Source.active(window);
    MemtableSource sealed;
    TableView now;
    TableView next;
    do {
      now = views.get();
      List<PartitionWindow> windows = new ArrayList<>(now.windows());
      int index = now.firstWindowNotBefore(window.first());
      PartitionWindow existing = index < windows.size() ? windows.get(index) : null;
      sealed = null;
      if (existing == null || existing.first() != window.first()) {
        windows.add(index, new PartitionWindow(window.first(), window.last(), List.of(source)));
      } else {
        MemtableSource active = existing.active();
        if (active != null) {
          sealed = active.sealed();
          existing = existing.withNewest(sealed);
        }
        windows.set(index, existing.plus(source));
      }
      next = now.withWindows(windows);
    } while (!views.publish(now, next));
    if (begun.replaced != null && sealed != null) {
      endWrites(begun.replaced);
      whenSealed.accept(SealedRun.of(maintenance, window.first(), sealed));
    }
  }

  /**
   * At most what the budget is asked for by a write into a partition window that has no window of
   * the memtable, in which the row becomes the first.
   */
  long bytesForNew(long timestamp, Key key, PendingRow row) {
    TableView now = views.get();
    PartitionWindow partition = now.windowAt(timestamp);
    MemtableWindow before = partition == null ? predecessor(timestamp, now) : null;
    return RoomEstimates.forNew(pool, before, index, key, row)
        + journal.firstBytes(key.length(), row.payloadLength());
  }

  /**
   * Decides which windows a batch will make, and keeps to it until {@link #forgetPlan}.
   *
   * @return the number of windows that the batch touches
   */
  int plan(PendingRows rows, int count) {
    TableView layout = views.get();
    List<WindowGrid.Block> blocks = new ArrayList<>();
    Set<Long> touched = new HashSet<>();
    long first = 1;
    long last = 0;
    for (int i = 0; i < count; i++) {
      long timestamp = rows.timestamp(i);
      if (timestamp < first || timestamp > last) {
        PartitionWindow window = layout.windowAt(timestamp);
        if (window == null) {
          WindowGrid.Block block = grid.blockFor(timestamp, layout);
          window = new PartitionWindow(block.first(), block.last(), List.of());
          blocks.add(block);
          layout = with(layout, window);
        }
        first = window.first();
        last = window.last();
        touched.add(first);
      }
    }
    planned = blocks;
    return touched.size();
  }

  private static TableView with(TableView layout, PartitionWindow window) {
    List<PartitionWindow> windows = new ArrayList<>(layout.windows());
    windows.add(layout.firstWindowNotBefore(window.first()), window);
    return layout.withWindows(windows);
  }

  /** Has what is written to a range from which a window was begun go to one like it. */
  void planFor(long first, long last) {
    planned = List.of(new WindowGrid.Block(first, last));
  }

  /** At most the bytes that the journal takes for many rows of a key. */
  long journalBytes(int rows, int keyLength, long payloadBytes, int windows) {
    return journal.batchBytes(rows, keyLength, payloadBytes, windows);
  }

  /** Forgets what {@link #plan} decided. */
  void forgetPlan() {
    planned = List.of();
  }

  /** The window of the last write, if it still takes writes. */
  @Nullable MemtableWindow current() {
    return current;
  }

  /** A window is about to leave the view: it must neither be written to nor give hints. */
  void leave(PartitionWindow partition) {
    MemtableWindow window = partition.activeMemtable();
    if (window != null) {
      endWrites(window);
    }
  }

  /** The window takes no more writes: it was sealed, replaced by a copy, or left the view. */
  void endWrites(MemtableWindow window) {
    window.endWrites();
    current = null;
  }

  /** Takes the windows of a closed range out of the view whose last row has gone. */
  void dropEmpty(long from, long to) {
    List<PartitionWindow> empty = emptyWindows(from, to);
    if (empty.isEmpty()) {
      return;
    }
    views.update(
        now -> {
          List<PartitionWindow> windows = new ArrayList<>(now.windows());
          windows.removeAll(empty);
          return now.withWindowsAndNeededOf(windows, now.tombstones());
        });
    empty.forEach(this::leave);
    empty.forEach(ActiveWindows::discardIfUnknown);
  }

  private static void discardIfUnknown(PartitionWindow partition) {
    for (Source source : partition.sources()) {
      MemtableWindow window = source.memtable();
      if (window != null) {
        window.journal().discardIfUnknown();
      }
    }
  }

  /**
   * A window has left the view, of which a delete over all keys has hidden everything that was
   * visible from one timestamp to another, both included.
   */
  void discard(PartitionWindow partition, long first, long last) {
    if (first > partition.first() || partition.last() > last) {
      // There may be removals above, of what would come to light again.
      discardIfUnknown(partition);
      return;
    }
    for (Source source : partition.sources()) {
      MemtableWindow window = source.memtable();
      if (window != null) {
        window.journal().discard();
      }
    }
  }

  private List<PartitionWindow> emptyWindows(long from, long to) {
    TableView now = views.get();
    List<PartitionWindow> empty = List.of();
    int end = now.lastWindowNotAfter(to);
    for (int i = now.firstWindowNotBefore(from); i <= end; i++) {
      if (isEmpty(now.window(i))) {
        empty = empty.isEmpty() ? new ArrayList<>() : empty;
        empty.add(now.window(i));
      }
    }
    return empty;
  }

  private static boolean isEmpty(PartitionWindow partition) {
    MemtableWindow only = partition.sources().size() == 1 ? partition.activeMemtable() : null;
    return only != null && only.rowCount() == 0;
  }

  /** The tombstones of the view, or its floor, have changed. */
  void deletesChanged() {
    coveredUntil = views.get().tombstones().lastCovered();
  }

  /** The serials of all windows. */
  void forEachSerial(LongConsumer action) {
    for (PartitionWindow partition : views.get().windows()) {
      MemtableWindow window = partition.activeMemtable();
      if (window != null) {
        action.accept(window.journal().serial());
      }
    }
  }

  /** Bytes of all windows. */
  long bytes() {
    long bytes = 0;
    TableView now = views.get();
    for (int i = 0; i < now.windowCount(); i++) {
      MemtableSource active = now.window(i).active();
      if (active != null) {
        bytes += active.bytes();
      }
    }
    return bytes;
  }
}
