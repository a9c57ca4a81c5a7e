package io.timelog.internal.engine;

import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.TableStats;
import io.timelog.TimeRange;
import io.timelog.TimelogInternalException;
import io.timelog.internal.compaction.CompactionPolicy;
import io.timelog.internal.compaction.WindowMerger;
import io.timelog.internal.key.Key;
import io.timelog.internal.manifest.PartitionWindow;
import io.timelog.internal.manifest.Retirement;
import io.timelog.internal.manifest.Source;
import io.timelog.internal.manifest.TableView;
import io.timelog.internal.memory.SlabPool;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.read.ReadLease;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One table: where a write goes, what a read sees, and what a flush or compaction replaces.
 *
 * <p>Methods named after writes are for the one writer of the store. {@link #lease()} is for any
 * thread. {@link #flush} and {@link #compactAll} are for the thread that holds the maintenance
 * lock.
 */
public final class TableEngine {
  /** The most that one removal may take: a slab for a chunk, a slab for a node, a key table. */
  private static final long TOMBSTONE_FUND_BYTES = 2 * SlabPool.MAX_SLAB_BYTES + (64 << 10);

  private final StoreEngine store;
  private final TableSettings settings;
  private final Rule rule;
  private final boolean refusesLate;
  private final KeyGroups keyGroups;
  private final WindowGrid grid;
  private final WindowMerger merger;
  private final @Nullable DropQueue drops;
  private final Key key = new Key();
  private final PendingRow row = new PendingRow();

  private volatile TableView view = TableView.empty();
  private volatile long cutoff = Long.MIN_VALUE;
  private volatile long lateEntries;

  /** The window of the last write, where the next one probably goes. */
  private @Nullable MemtableWindow current;

  /** Up to here a write must look whether its timestamp was deleted. */
  private long coveredUntil = Long.MIN_VALUE;

  TableEngine(StoreEngine store, TableSettings settings) {
    this.store = store;
    this.settings = settings;
    this.rule = settings.rule();
    this.refusesLate = settings.lateEntries() == LateEntries.REFUSE;
    this.keyGroups = settings.keyGroups();
    this.grid = settings.grid();
    this.merger =
        new WindowMerger(store.storage(), settings.name(), store.settings().targetPageBytes());
    RowDropListener listener = settings.dropListener();
    this.drops =
        listener == null
            ? null
            : new DropQueue(settings.name(), rule, listener, store::wakeMaintenance);
  }

  /** The name of the table. */
  public String name() {
    return settings.name();
  }

  /** The rule of the table. */
  public Rule rule() {
    return rule;
  }

  /** The key groups of the table. */
  public KeyGroups keyGroups() {
    return keyGroups;
  }

  // ---- writes ------------------------------------------------------------------------------

  /**
   * Appends an entry to a multimap; false if it is late and refused.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public boolean append(
      byte[] keyBytes,
      int keyOffset,
      int keyLength,
      long timestamp,
      byte[] value,
      int valueOffset,
      int valueLength) {
    int group = keyGroups.groupOf(keyBytes, keyOffset, keyLength);
    boolean relieved = false;
    while (true) {
      store.beginWrite();
      try {
        if (isLate(timestamp)) {
          return false;
        }
        key.set(keyBytes, keyOffset, keyLength, group);
        appendToWindow(timestamp, value, valueOffset, valueLength);
        break;
      } catch (MemoryBudgetExceededException refused) {
        if (relieved) {
          throw refused;
        }
      } finally {
        store.endWrite();
      }
      relieved = true;
      store.relieve();
    }
    store.afterWrite();
    return true;
  }

  private void appendToWindow(long timestamp, byte[] value, int offset, int length) {
    MemtableWindow window = windowFor(timestamp);
    WriterGate gate = store.gate();
    window.append(key, row.entry(timestamp, value, offset, length), gate.version(), gate.frozen());
  }

  /**
   * Appends an entry inside a write that the caller began with {@link StoreEngine#beginWrite}, and
   * who ends it and calls {@link StoreEngine#afterWrite()}; false if it is late and refused.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public boolean appendWithinWrite(
      Key to, long timestamp, byte[] value, int valueOffset, int valueLength) {
    if (isLate(timestamp)) {
      return false;
    }
    MemtableWindow window = windowFor(timestamp);
    WriterGate gate = store.gate();
    window.append(
        to, row.entry(timestamp, value, valueOffset, valueLength), gate.version(), gate.frozen());
    return true;
  }

  /**
   * Puts an entry into a map; false if it is late and refused.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public boolean put(
      byte[] keyBytes,
      int keyOffset,
      int keyLength,
      long timestamp,
      byte[] subkey,
      byte[] value,
      int valueOffset,
      int valueLength) {
    int group = keyGroups.groupOf(keyBytes, keyOffset, keyLength);
    boolean relieved = false;
    while (true) {
      store.beginWrite();
      try {
        if (isLate(timestamp)) {
          return false;
        }
        key.set(keyBytes, keyOffset, keyLength, group);
        MemtableWindow window = windowFor(timestamp);
        WriterGate gate = store.gate();
        window.put(
            key,
            row.mapEntry(timestamp, subkey, value, valueOffset, valueLength),
            gate.version(),
            gate.frozen());
        break;
      } catch (MemoryBudgetExceededException refused) {
        if (relieved) {
          throw refused;
        }
      } finally {
        store.endWrite();
      }
      relieved = true;
      store.relieve();
    }
    store.afterWrite();
    return true;
  }

  /** Removes the entry of a map at a timestamp and subkey, if there is one. */
  public void remove(byte[] keyBytes, long timestamp, byte[] subkey) {
    int group = keyGroups.groupOf(keyBytes, 0, keyBytes.length);
    boolean relieved = false;
    while (true) {
      store.beginWrite();
      try {
        key.set(keyBytes, 0, keyBytes.length, group);
        removeFromWindow(timestamp, subkey);
        break;
      } catch (MemoryBudgetExceededException refused) {
        if (relieved) {
          throw refused;
        }
      } finally {
        store.endWrite();
      }
      relieved = true;
      store.relieve();
    }
    store.afterWrite();
  }

  private void removeFromWindow(long timestamp, byte[] subkey) {
    // Held, because background maintenance may replace and free a sealed source while it is read.
    TableView held = retainView();
    try {
      PartitionWindow partition = partitionOf(held, timestamp);
      if (partition != null) {
        removeFrom(partition, timestamp, subkey);
      }
    } finally {
      held.release();
    }
  }

  private void removeFrom(PartitionWindow partition, long timestamp, byte[] subkey) {
    WriterGate gate = store.gate();
    row.pointTombstone(timestamp, subkey);
    if (olderSourcesHave(partition, timestamp, timestamp)) {
      windowFor(timestamp).put(key, row, gate.version(), gate.frozen());
      return;
    }
    Source active = partition.active();
    if (active != null && active.memtable() != null) {
      active.memtable().remove(key, row, gate.version(), gate.frozen());
    }
  }

  /** Whether a sealed source has any row of the current key in the closed range. */
  private boolean olderSourcesHave(PartitionWindow partition, long first, long last) {
    for (Source source : partition.sources()) {
      if (source.stage() != Source.Stage.ACTIVE) {
        RowCursor rows = source.rows().find(key, Long.MAX_VALUE, first, last);
        if (rows != null && rows.advance()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Removes all entries of one key in the range. */
  public void removeRange(byte[] keyBytes, TimeRange range) {
    if (range.isEmpty()) {
      return;
    }
    int group = keyGroups.groupOf(keyBytes, 0, keyBytes.length);
    boolean relieved = false;
    while (true) {
      store.beginWrite();
      try {
        key.set(keyBytes, 0, keyBytes.length, group);
        removeRangeFromWindows(range);
        break;
      } catch (MemoryBudgetExceededException refused) {
        // Windows that were done are done; doing them again changes nothing.
        if (relieved) {
          throw refused;
        }
      } finally {
        store.endWrite();
      }
      relieved = true;
      store.relieve();
    }
    store.afterWrite();
  }

  private void removeRangeFromWindows(TimeRange range) {
    TableView held = retainView();
    try {
      int to = held.lastWindowNotAfter(range.last());
      for (int i = held.firstWindowNotBefore(range.first()); i <= to; i++) {
        PartitionWindow partition = held.window(i);
        TimeRange part = range.intersect(TimeRange.closed(partition.first(), partition.last()));
        removeRangeFromWindow(partition, part.first(), part.last());
      }
    } finally {
      held.release();
    }
  }

  private void removeRangeFromWindow(PartitionWindow partition, long first, long last) {
    WriterGate gate = store.gate();
    Source active = partition.active();
    MemtableWindow memtable = active == null ? null : active.memtable();
    // A tombstone among the rows may reach further than they do; what it hides must stay hidden.
    long hideUntil = memtable == null ? last : furthestTombstone(memtable, first, last);
    if (hideUntil == last && !olderSourcesHave(partition, first, last)) {
      if (memtable != null) {
        memtable.removeRange(key, first, last, gate.version(), gate.frozen());
      }
      return;
    }
    // Rows and tombstone change together or not at all, so the memory for both is set aside first.
    store.pool().prefund(TOMBSTONE_FUND_BYTES);
    try {
      if (memtable != null) {
        memtable.removeRange(key, first, last, gate.version(), gate.frozen());
      }
      MemtableWindow target = memtable != null ? memtable : windowFor(first);
      target.appendRangeTombstone(
          rule, key, row.rangeTombstone(first, hideUntil), gate.version(), gate.frozen());
    } finally {
      store.pool().settle();
    }
  }

  private long furthestTombstone(MemtableWindow memtable, long first, long last) {
    long furthest = last;
    if (memtable.hasTombstones()) {
      RowCursor rows = memtable.find(key, Long.MAX_VALUE, first, last);
      while (rows != null && rows.advance()) {
        furthest = Math.max(furthest, MemtableWindow.rangeLastOf(rows));
      }
    }
    return furthest;
  }

  /** Deletes what was written in the range so far, of all keys. */
  public void deleteRange(TimeRange range) {
    if (range.isEmpty()) {
      return;
    }
    store.beginWrite();
    try {
      hide(range);
    } finally {
      store.endWrite();
    }
    store.afterWrite();
  }

  private void hide(TimeRange range) {
    Tombstone tombstone = new Tombstone(range.first(), range.last(), store.gate().endVersion());
    publish(
        old -> {
          noteDropped(old, tombstone);
          List<PartitionWindow> kept = new ArrayList<>(old.windowCount());
          boolean any = false;
          for (PartitionWindow window : old.windows()) {
            if (window.first() < range.first() || range.last() < window.last()) {
              kept.add(window);
              any |= window.overlaps(range.first(), range.last());
            }
          }
          Tombstones deletes = any ? old.tombstones().with(tombstone) : old.tombstones();
          return new TableView(kept, needed(deletes, kept), old.floor());
        });
    coveredUntil = view.tombstones().lastCovered();
    forgetInactiveWindows();
  }

  /** Deletes everything older than the cutoff, of all keys. */
  public void deleteBefore(long before) {
    store.beginWrite();
    try {
      grid.floorMoved(before);
      if (!refusesLate) {
        TimeRange range = TimeRange.until(before);
        if (!range.isEmpty()) {
          hide(range);
        }
      } else if (before > view.floor()) {
        moveFloor(before);
      }
      cutoff = Math.max(cutoff, before);
    } finally {
      store.endWrite();
    }
    store.afterWrite();
  }

  private void moveFloor(long before) {
    publish(
        old -> {
          if (drops != null) {
            noteDropped(old, new Tombstone(Long.MIN_VALUE, before - 1, store.gate().endVersion()));
          }
          List<PartitionWindow> kept = new ArrayList<>(old.windowCount());
          for (PartitionWindow window : old.windows()) {
            if (window.last() >= before) {
              kept.add(window);
            }
          }
          return new TableView(kept, needed(old.tombstones(), kept), before);
        });
    forgetInactiveWindows();
  }

  /**
   * Has the entries reported that the delete is about to drop. Until then the report is a reader of
   * the moment before the delete.
   */
  private void noteDropped(TableView before, Tombstone delete) {
    WriterGate gate = store.gate();
    if (drops != null
        && Retirement.begin(
            before,
            delete.version(),
            delete.first(),
            delete.last(),
            drops::add,
            gate::readerLeft)) {
      gate.readerArrives();
    }
  }

  /** The tombstones that may still hide something in one of the windows. */
  private static Tombstones needed(Tombstones tombstones, List<PartitionWindow> windows) {
    return tombstones.isEmpty()
        ? tombstones
        : tombstones.keepIf(tombstone -> hidesIn(tombstone, windows));
  }

  private static boolean hidesIn(Tombstone tombstone, List<PartitionWindow> windows) {
    for (PartitionWindow window : windows) {
      if (tombstone.overlaps(window.first(), window.last())) {
        for (Source source : window.sources()) {
          if (source.since() <= tombstone.version()) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Windows that are not active any more must neither be written to nor give hints. */
  private void forgetInactiveWindows() {
    current = null;
    TableView now = view;
    for (PartitionWindow window : now.windows()) {
      Source active = window.active();
      if (active != null && active.memtable() != null) {
        active.memtable().forgetPredecessorUnless(candidate -> isLive(now, candidate));
      }
    }
  }

  private static boolean isLive(TableView view, MemtableWindow candidate) {
    int index = view.firstWindowNotBefore(candidate.first());
    if (index >= view.windowCount()) {
      return false;
    }
    Source active = view.window(index).active();
    return active != null && active.memtable() == candidate;
  }

  private boolean isLate(long timestamp) {
    if (refusesLate && timestamp < view.floor()) {
      countLate();
      return true;
    }
    return false;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the writer writes it
  private void countLate() {
    lateEntries = lateEntries + 1;
  }

  // ---- routing -----------------------------------------------------------------------------

  private MemtableWindow windowFor(long timestamp) {
    MemtableWindow window = current;
    if (window != null && window.covers(timestamp) && timestamp > coveredUntil) {
      return window;
    }
    return findWindow(timestamp);
  }

  private MemtableWindow findWindow(long timestamp) {
    PartitionWindow partition = partitionOf(timestamp);
    Source active = partition == null ? null : partition.active();
    MemtableWindow window = active == null ? null : active.memtable();
    if (window == null) {
      window = addWindow(timestamp, partition);
    } else if (view.tombstones().versionAt(timestamp) >= window.baseVersion()) {
      // The timestamp was deleted while this window was open. What was written before the delete
      // stays behind, sealed; what comes after it starts a new window, which the delete does not
      // touch.
      store.seal(this, active(partition));
      window = addWindow(timestamp, partitionOf(timestamp));
    }
    current = window;
    return window;
  }

  private static Source active(@Nullable PartitionWindow partition) {
    Source source = partition == null ? null : partition.active();
    if (source == null) {
      throw new TimelogInternalException("A window without an active source was to be sealed.");
    }
    return source;
  }

  private @Nullable PartitionWindow partitionOf(long timestamp) {
    return partitionOf(view, timestamp);
  }

  private static @Nullable PartitionWindow partitionOf(TableView now, long timestamp) {
    int index = now.firstWindowNotBefore(timestamp);
    if (index == now.windowCount()) {
      return null;
    }
    PartitionWindow partition = now.window(index);
    return partition.covers(timestamp) ? partition : null;
  }

  private MemtableWindow addWindow(long timestamp, @Nullable PartitionWindow existing) {
    TableView now = view;
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
            store.pool(),
            predecessor(block.first(), now));
    Source source = Source.active(window);
    publish(old -> withActive(old, block, source));
    return window;
  }

  /** The active window just before, if there is one. */
  private static @Nullable MemtableWindow predecessor(long first, TableView view) {
    int index = first == Long.MIN_VALUE ? -1 : view.lastWindowNotAfter(first - 1);
    if (index < 0) {
      return null;
    }
    Source active = view.window(index).active();
    return active == null ? null : active.memtable();
  }

  private static TableView withActive(TableView old, WindowGrid.Block block, Source source) {
    List<PartitionWindow> windows = new ArrayList<>(old.windows());
    int index = old.firstWindowNotBefore(block.first());
    if (index < windows.size() && windows.get(index).first() == block.first()) {
      windows.set(index, windows.get(index).plus(source));
    } else {
      windows.add(index, new PartitionWindow(block.first(), block.last(), List.of(source)));
    }
    return new TableView(windows, old.tombstones(), old.floor());
  }

  // ---- sealing, for the writer inside an operation -----------------------------------------

  /** Freezes every active window; adds what it froze to the run. */
  void sealAll(List<SealedRun.Part> run) {
    boolean any = false;
    for (PartitionWindow window : view.windows()) {
      any |= window.active() != null;
    }
    if (!any) {
      return;
    }
    publish(
        old -> {
          List<PartitionWindow> windows = new ArrayList<>(old.windowCount());
          for (PartitionWindow window : old.windows()) {
            windows.add(sealed(window, run));
          }
          return new TableView(windows, old.tombstones(), old.floor());
        });
    current = null;
  }

  /** Freezes one active source. */
  void seal(Source active, List<SealedRun.Part> run) {
    publish(
        old -> {
          List<PartitionWindow> windows = new ArrayList<>(old.windowCount());
          for (PartitionWindow window : old.windows()) {
            windows.add(window.active() == active ? sealed(window, run) : window);
          }
          return new TableView(windows, old.tombstones(), old.floor());
        });
    forgetInactiveWindows();
  }

  private PartitionWindow sealed(PartitionWindow window, List<SealedRun.Part> run) {
    Source active = window.active();
    if (active == null || active.memtable() == null) {
      return window;
    }
    active.memtable().forgetPredecessor();
    Source frozen = active.sealed();
    run.add(new SealedRun.Part(this, frozen));
    List<Source> sources = new ArrayList<>(window.sources());
    sources.set(sources.size() - 1, frozen);
    return window.withSources(sources);
  }

  /** Bytes of all active windows. */
  long activeBytes() {
    long bytes = 0;
    TableView now = view;
    for (int i = 0; i < now.windowCount(); i++) {
      Source active = now.window(i).active();
      if (active != null) {
        bytes += active.bytes();
      }
    }
    return bytes;
  }

  /** Number of partition windows. */
  public int windowCount() {
    return view.windowCount();
  }

  /** Whether most of an active window is garbage. */
  boolean hasGarbage() {
    TableView now = view;
    for (int i = 0; i < now.windowCount(); i++) {
      Source active = now.window(i).active();
      if (active != null && active.memtable() != null && active.memtable().isMostlyGarbage()) {
        return true;
      }
    }
    return false;
  }

  /** Copies windows of which most is garbage into new ones. */
  void rewriteGarbage() {
    for (PartitionWindow partition : view.windows()) {
      Source active = partition.active();
      MemtableWindow window = active == null ? null : active.memtable();
      if (active != null && window != null && window.isMostlyGarbage()) {
        rewrite(partition, window);
      }
    }
  }

  private void rewrite(PartitionWindow partition, MemtableWindow window) {
    Tombstones deletes = view.tombstones();
    MemtableWindow fresh =
        new MemtableWindow(
            window.first(), window.last(), store.gate().version(), keyGroups, store.pool(), null);
    long floor = view.floor();
    try {
      fresh.copyLive(window, time -> time < floor || deletes.hides(time, window.baseVersion()));
    } catch (MemoryBudgetExceededException noRoom) {
      fresh.free();
      return;
    }
    Source replacement = Source.active(fresh);
    publish(
        old -> {
          List<PartitionWindow> windows = new ArrayList<>(old.windows());
          int index = old.firstWindowNotBefore(partition.first());
          List<Source> sources = new ArrayList<>(windows.get(index).sources());
          sources.set(sources.size() - 1, replacement);
          windows.set(index, windows.get(index).withSources(sources));
          return new TableView(windows, needed(old.tombstones(), windows), old.floor());
        });
    forgetInactiveWindows();
  }

  // ---- maintenance, under the maintenance lock ---------------------------------------------

  /** Writes a sealed source into a level-0 segment and puts it in its place. */
  void flush(Source sealed) {
    TableView now = retainView();
    try {
      PartitionWindow window = find(now, sealed);
      if (window == null) {
        return;
      }
      int index = indexOf(window, sealed);
      WindowMerger.Deletes deletes = deletes(now, List.of(sealed));
      if (index == 0) {
        replace(List.of(sealed), merge(window, List.of(sealed), deletes), true);
      } else {
        Segment segment = merger.copy(window, sealed, deletes, store.nextSegmentName(name()));
        replace(List.of(sealed), segment, false);
      }
    } finally {
      now.release();
    }
  }

  /** Merges the windows that have too many segments; whether there were any. */
  boolean compactDue() {
    TableView now = retainView();
    try {
      List<PartitionWindow> due = CompactionPolicy.due(now);
      for (PartitionWindow window : due) {
        compactWindow(now, window);
      }
      return !due.isEmpty();
    } finally {
      now.release();
    }
  }

  /** Merges every window that gets smaller by it. */
  void compactAll() {
    TableView now = retainView();
    try {
      for (PartitionWindow window : CompactionPolicy.all(now)) {
        compactWindow(now, window);
      }
    } finally {
      now.release();
    }
  }

  private void compactWindow(TableView now, PartitionWindow window) {
    List<Source> segments = new ArrayList<>();
    for (Source source : window.sources()) {
      if (source.segment() == null) {
        break;
      }
      segments.add(source);
    }
    if (!segments.isEmpty()) {
      replace(segments, merge(window, segments, deletes(now, segments)), true);
    }
  }

  private @Nullable Segment merge(
      PartitionWindow window, List<Source> sources, WindowMerger.Deletes deletes) {
    return merger.merge(window.withSources(sources), rule, deletes, store.nextSegmentName(name()));
  }

  private static WindowMerger.Deletes deletes(TableView now, List<Source> inputs) {
    long applied = now.tombstones().newestVersion();
    for (Source input : inputs) {
      applied = Math.max(applied, input.since() - 1);
    }
    return new WindowMerger.Deletes(now.tombstones(), now.floor(), applied);
  }

  /**
   * Puts a segment in the place of sources, or nothing in its place, unless the writer dropped the
   * window meanwhile.
   */
  private void replace(List<Source> inputs, @Nullable Segment segment, boolean level1) {
    Source output =
        segment == null ? null : level1 ? Source.level1(segment) : Source.level0(segment);
    synchronized (store.publicationLock()) {
      TableView old = view;
      PartitionWindow existing = find(old, inputs.get(0));
      if (existing == null) {
        if (output != null) {
          output.discard();
        }
        return;
      }
      int from = indexOf(existing, inputs.get(0));
      List<Source> sources = new ArrayList<>(existing.sources());
      List<Source> replaced = sources.subList(from, from + inputs.size());
      replaced.clear();
      if (output != null) {
        sources.add(from, output);
      }
      List<PartitionWindow> windows = new ArrayList<>(old.windows());
      int index = windows.indexOf(existing);
      if (sources.isEmpty()) {
        windows.remove(index);
      } else {
        windows.set(index, existing.withSources(sources));
      }
      replaceView(old, new TableView(windows, needed(old.tombstones(), windows), old.floor()));
    }
  }

  private static @Nullable PartitionWindow find(TableView in, Source source) {
    for (int i = 0; i < in.windowCount(); i++) {
      if (indexOf(in.window(i), source) >= 0) {
        return in.window(i);
      }
    }
    return null;
  }

  private static int indexOf(PartitionWindow window, Source source) {
    for (int i = 0; i < window.sources().size(); i++) {
      if (window.sources().get(i).isSameAs(source)) {
        return i;
      }
    }
    return -1;
  }

  private void publish(UnaryOperator<TableView> change) {
    synchronized (store.publicationLock()) {
      TableView old = view;
      replaceView(old, change.apply(old));
    }
  }

  private void replaceView(TableView old, TableView next) {
    old.replacedBy(next);
    view = next;
    old.release();
  }

  private TableView retainView() {
    while (true) {
      TableView now = view;
      if (now.tryRetain()) {
        return now;
      }
    }
  }

  // ---- reads -------------------------------------------------------------------------------

  /**
   * Opens a lease on the present.
   *
   * @throws IllegalStateException if the store is closed
   */
  public ReadLease lease() {
    WriterGate gate = store.gate();
    gate.readerArrives();
    if (store.isClosed()) {
      gate.readerLeft();
      throw store.closedException();
    }
    while (true) {
      long moment = gate.awaitMoment();
      long version = gate.version();
      TableView now = view;
      if (gate.isStill(moment) && now.tryRetain()) {
        return new ViewLease(gate, now, version);
      }
    }
  }

  /** The present view; may be let go at any time. */
  TableView currentView() {
    return view;
  }

  /** The newest cutoff of {@link #deleteBefore}. */
  public long cutoff() {
    return cutoff;
  }

  /** Entries that were refused because they were late. */
  public long lateEntries() {
    return lateEntries;
  }

  /** The queue of dropped entries; null without a listener. */
  @Nullable DropQueue drops() {
    return drops;
  }

  /** Lets go of everything. */
  void close() {
    publish(old -> TableView.empty());
    current = null;
  }

  /** Reports what was dropped before the table was closed, now or when the last reader leaves. */
  void closeDrops() {
    if (drops != null) {
      drops.close();
    }
  }

  /** The table in numbers. */
  public TableStats stats() {
    TableView now = retainView();
    try {
      long memtableEntries = 0;
      long memtableBytes = 0;
      int level0 = 0;
      int level1 = 0;
      long segmentEntries = 0;
      long segmentBytes = 0;
      for (PartitionWindow window : now.windows()) {
        for (Source source : window.sources()) {
          switch (source.stage()) {
            case ACTIVE, SEALED -> {
              memtableEntries += source.rowCount();
              memtableBytes += source.bytes();
            }
            case LEVEL_0, LEVEL_1 -> {
              level0 += source.stage() == Source.Stage.LEVEL_0 ? 1 : 0;
              level1 += source.stage() == Source.Stage.LEVEL_1 ? 1 : 0;
              segmentEntries += source.rowCount();
              segmentBytes += source.bytes();
            }
          }
        }
      }
      return new TableStats(
          now.windowCount(),
          memtableEntries,
          memtableBytes,
          level0,
          level1,
          segmentEntries,
          segmentBytes,
          now.tombstones().list().size(),
          cutoff,
          lateEntries);
    } finally {
      now.release();
    }
  }
}
