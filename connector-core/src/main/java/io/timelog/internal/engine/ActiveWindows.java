package io.timelog.internal.engine;

import io.timelog.KeyGroups;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.memtable.PendingRows;
import io.timelog.internal.memtable.RoomEstimates;
import io.timelog.internal.memtable.WindowCopy;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
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
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one table that take writes: which of them a timestamp goes to, how they begin, and
 * how they end, sealed, tidied or dropped. For the writer, inside an operation.
 */
final class ActiveWindows {
  /*
   * A new window is published with its first row in it: until that is written the window is only
   * prepared, and forgotten if the row finds no room.
   */

  /** A smaller window is about as small in a segment. */
  private static final long MIN_SEALED_BYTES = 16 << 10;

  private final WriterGate gate;
  private final MemoryAccount pool;
  private final TableMaintenance maintenance;
  private final CurrentView views;
  private final Consumer<SealedRun> whenSealed;
  private final WindowGrid grid;
  private final Rule rule;
  private final KeyGroups keyGroups;
  private final WindowIndex index;

  /** The window of the last write, where the next one probably goes. */
  private @Nullable MemtableWindow current;

  private @Nullable PreparedWindow prepared;

  /** The windows that a batch will make, which has room for these and no others. */
  private List<WindowGrid.Block> planned = List.of();

  /** Up to here a write must look whether its timestamp was deleted. */
  private long coveredUntil = Long.MIN_VALUE;

  /** No window has rows below this. */
  private long tidiedFloor = Long.MIN_VALUE;

  /** No window has rows that deletes up to this version hide. */
  private long tidiedDeletes = -1;

  /** Free bytes of the budget with which a copy of what lives in a window did not succeed. */
  private long tooLittleRoom;

  ActiveWindows(
      WriterGate gate,
      MemoryAccount pool,
      TableMaintenance maintenance,
      CurrentView views,
      TableSettings settings,
      Consumer<SealedRun> whenSealed) {
    this.gate = gate;
    this.pool = pool;
    this.maintenance = maintenance;
    this.views = views;
    this.whenSealed = whenSealed;
    this.grid = settings.grid();
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
      window.append(key, row, gate.moment());
    } catch (RuntimeException | Error refused) {
      abandon();
      throw refused;
    }
    if (prepared != null) {
      admit(prepared);
    }
  }

  /**
   * Appends rows that come in order and are alike, as far as that goes at once; returns how many.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  int appendStretch(Key key, PendingRows pending, int from, int end) {
    long timestamp = pending.timestamp(from);
    MemtableWindow window = current;
    return window != null && takes(window, timestamp)
        ? window.appendStretch(key, pending, from, end, gate.moment())
        : 0;
  }

  /**
   * Puts a row of a map, which may be a tombstone.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  void put(Key key, PendingRow row) {
    MemtableWindow window = at(row.timestamp());
    try {
      window.put(key, row, gate.moment());
    } catch (RuntimeException | Error refused) {
      abandon();
      throw refused;
    }
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
      window.appendRangeTombstone(rule, key, row, gate.moment());
    } catch (RuntimeException | Error refused) {
      abandon();
      throw refused;
    }
    if (prepared != null) {
      admit(prepared);
    }
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
    if (window.isFull() || now.tombstones().versionAt(timestamp) >= window.baseVersion()) {
      // If the timestamp was deleted while this window was open, what was written before the delete
      // stays behind, sealed; what comes after it starts a new window, which the delete does not
      // touch.
      return prepare(timestamp, partition, window);
    }
    current = window;
    return window;
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
            predecessor(block.first(), now));
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

  /** The active window just before, if there is one. */
  private static @Nullable MemtableWindow predecessor(long first, TableView view) {
    int index = first == Long.MIN_VALUE ? -1 : view.lastWindowNotAfter(first - 1);
    return index < 0 ? null : view.window(index).activeMemtable();
  }

  /** The write into a prepared window failed. */
  private void abandon() {
    PreparedWindow failed = prepared;
    if (failed != null) {
      prepared = null;
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
    Source sealed;
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
      sealedAlone(window.first(), sealed);
    }
  }

  /**
   * At most what the budget is asked for by a write into a partition window that has no window of
   * the memtable, in which the row becomes the first.
   */
  long bytesForNew(long timestamp, Key key, PendingRow row) {
    TableView now = views.get();
    PartitionWindow partition = now.windowAt(timestamp);
    MemtableWindow before = predecessor(partition == null ? timestamp : partition.first(), now);
    return RoomEstimates.forNew(pool, before, index, key, row);
  }

  /**
   * At most what the budget is asked for when rows of one key and timestamp are added.
   *
   * @param row one of them
   * @param rowBytes what all of them take, see {@link MemtableWindow#bytesOfRow}
   */
  long bytesToAdd(Key key, PendingRow row, int rowCount, long rowBytes) {
    TableView now = views.get();
    PartitionWindow partition = now.windowAt(row.timestamp());
    MemtableWindow window = partition == null ? null : partition.activeMemtable();
    return window == null
            || window.isFull()
            || now.tombstones().versionAt(row.timestamp()) >= window.baseVersion()
        ? bytesForNew(row.timestamp(), key, row)
            + RoomEstimates.toGrow(pool, index, rowCount, rowBytes)
        : window.bytesToAdd(key, row, rowCount, rowBytes, gate.moment());
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

  /** Forgets what {@link #plan} decided. */
  void forgetPlan() {
    planned = List.of();
  }

  /** A window is about to leave the view: it must neither be written to nor give hints. */
  void leave(PartitionWindow partition) {
    MemtableWindow window = partition.activeMemtable();
    if (window != null) {
      endWrites(window);
    }
  }

  private void endWrites(MemtableWindow window) {
    window.endWrites();
    current = null;
  }

  /** Takes the windows of a closed range out of the view whose last row has gone. */
  void dropEmpty(long from, long to) {
    List<PartitionWindow> empty = emptyWindows(from, to);
    if (empty.isEmpty()) {
      return;
    }
    TableView now;
    TableView next;
    do {
      now = views.get();
      List<PartitionWindow> windows = new ArrayList<>(now.windows());
      windows.removeAll(empty);
      next = now.withWindowsAndNeededOf(windows, now.tombstones());
    } while (!views.publish(now, next));
    empty.forEach(this::leave);
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
    tooLittleRoom = 0;
  }

  /**
   * Seals the windows, as far as all that it seals fits into so many bytes; adds it to the run.
   *
   * @return what is left of the bytes
   */
  long seal(List<SealedRun.Part> run, long maxBytes) {
    if (!anyActive()) {
      return maxBytes;
    }
    long room;
    List<SealedRun.Part> parts = new ArrayList<>();
    TableView now;
    TableView next;
    do {
      parts.clear();
      room = maxBytes;
      now = views.get();
      List<PartitionWindow> windows = new ArrayList<>(now.windowCount());
      for (PartitionWindow window : now.windows()) {
        MemtableSource active = window.active();
        if (active == null || active.bytesAlive() > room) {
          windows.add(window);
        } else {
          room -= active.bytesAlive();
          Source sealed = active.sealed();
          parts.add(new SealedRun.Part(maintenance, window.first(), sealed));
          windows.add(window.withNewest(sealed));
        }
      }
      next = now.withWindows(windows);
    } while (!views.publish(now, next));
    endWritesTo(parts);
    run.addAll(parts);
    return room;
  }

  /** About how many bytes the smallest window needs in a segment; 0 if there is no window. */
  long smallestBytes() {
    long smallest = Long.MAX_VALUE;
    for (PartitionWindow window : views.get().windows()) {
      MemtableSource active = window.active();
      smallest = active == null ? smallest : Math.min(smallest, active.bytesAlive());
    }
    return smallest == Long.MAX_VALUE ? 0 : smallest;
  }

  private void endWritesTo(List<SealedRun.Part> parts) {
    for (SealedRun.Part part : parts) {
      MemtableWindow window = part.source().memtable();
      if (window != null) {
        endWrites(window);
      }
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

  /**
   * Seals the oldest window that gets smaller by a flush, of those that need at most so many bytes
   * in a segment; false if there is none.
   */
  boolean sealOldestWorthIt(long maxSegmentBytes) {
    for (PartitionWindow partition : views.get().windows()) {
      MemtableWindow window = partition.activeMemtable();
      if (window != null && isWorthSealing(partition, window, maxSegmentBytes)) {
        seal(window);
        return true;
      }
    }
    return false;
  }

  private boolean isWorthSealing(
      PartitionWindow partition, MemtableWindow window, long maxSegmentBytes) {
    if (window.rowCount() == 0 || window.bytes() - window.garbageBytes() > maxSegmentBytes) {
      return false;
    }
    boolean hidesOlderRows =
        partition.sources().size() > 1 && (rule == Rule.MAP || window.hasTombstones());
    return hidesOlderRows || window.bytes() >= MIN_SEALED_BYTES;
  }

  private void seal(MemtableWindow window) {
    Source sealed;
    TableView now;
    TableView next;
    do {
      now = views.get();
      List<PartitionWindow> windows = new ArrayList<>(now.windows());
      int index = now.firstWindowNotBefore(window.first());
      sealed = Objects.requireNonNull(windows.get(index).active()).sealed();
      windows.set(index, windows.get(index).withNewest(sealed));
      next = now.withWindows(windows);
    } while (!views.publish(now, next));
    endWrites(window);
    sealedAlone(window.first(), sealed);
  }

  private void sealedAlone(long windowFirst, Source sealed) {
    whenSealed.accept(new SealedRun(List.of(new SealedRun.Part(maintenance, windowFirst, sealed))));
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

  /**
   * Frees garbage in the window that was written to last, if that is worth it.
   *
   * @param effort see {@link MemtableWindow#tidy}
   */
  void tidyCurrent(int effort) {
    MemtableWindow window = current;
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
        boolean hasDeleted = hasDeleted(window, now, floor);
        if (hasDeleted && !rewrite(window) && !purge(window, now, floor)) {
          complete = false;
        } else {
          tidyAsFarAsPossible(window);
        }
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

  /** Windows that cannot be tidied in place are copied, if there is room for that. */
  private void tidy(MemtableWindow window, int effort) {
    if (window.isMostlyGarbage()) {
      rewrite(window);
    } else if (window.isWorthTidying()) {
      window.tidy(gate.moment(), effort);
    }
  }

  private void tidyAsFarAsPossible(MemtableWindow window) {
    if (window.isMostlyGarbage() && rewrite(window)) {
      return;
    }
    long before = Long.MAX_VALUE;
    while (window.isWorthTidyingWhenShort() && window.bytes() < before) {
      before = window.bytes();
      window.tidy(gate.moment(), Integer.MAX_VALUE);
    }
  }

  /** Replaces the window by a copy of what lives; false if there is no room for it. */
  private boolean rewrite(MemtableWindow window) {
    long room = pool.availableBytes();
    MemtableWindow copy = room <= tooLittleRoom ? null : copyOf(window);
    if (copy == null) {
      tooLittleRoom = Math.max(room, tooLittleRoom);
      return false;
    }
    Source replacement = Source.active(copy);
    TableView now;
    TableView next;
    do {
      now = views.get();
      List<PartitionWindow> windows = new ArrayList<>(now.windows());
      int index = now.firstWindowNotBefore(window.first());
      windows.set(index, windows.get(index).withNewest(replacement));
      next = now.withWindowsAndNeededOf(windows, now.tombstones());
    } while (!views.publish(now, next));
    endWrites(window);
    return true;
  }

  /** What new readers see of a window; null if there is no room for a copy. */
  private @Nullable MemtableWindow copyOf(MemtableWindow window) {
    Tombstones deletes = views.get().tombstones();
    long floor = views.floor();
    pool.openReserve();
    try {
      return WindowCopy.of(
          window,
          gate.version(),
          pool,
          time -> time < floor || deletes.hides(time, window.baseVersion()));
    } catch (MemoryBudgetExceededException noRoom) {
      return null;
    } finally {
      pool.closeReserve();
    }
  }
}
