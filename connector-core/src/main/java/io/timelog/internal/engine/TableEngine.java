package io.timelog.internal.engine;

import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.TableStats;
import io.timelog.TimeRange;
import io.timelog.internal.key.Key;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.memtable.PendingRows;
import io.timelog.internal.read.ReadLease;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One table: its operations, each between the two ends of the gate of the store, and what a read
 * sees.
 *
 * <p>Methods named after writes are for the one writer of the store. {@link #lease()} is for any
 * thread.
 */
public final class TableEngine {
  private final StoreEngine store;
  private final WriterGate gate;
  private final TableSettings settings;
  private final boolean refusesLate;
  private final KeyGroups keyGroups;
  private final CurrentView views;
  private final ActiveWindows active;
  private final KeyRemoval removal;
  private final TimeDeletes deletes;
  private final TableMaintenance maintenance;
  private final @Nullable DropQueue drops;
  private final Key key = new Key();
  private final PendingRow row = new PendingRow();
  private volatile long lateEntries;

  TableEngine(StoreEngine store, TableSettings settings) {
    this.store = store;
    this.gate = store.gate();
    this.settings = settings;
    this.refusesLate = settings.lateEntries() == LateEntries.REFUSE;
    this.keyGroups = settings.keyGroups();
    RowDropListener listener = settings.dropListener();
    this.drops =
        listener == null
            ? null
            : new DropQueue(settings.name(), settings.rule(), listener, store::wakeMaintenance);
    this.views = new CurrentView(store.publicationLock());
    this.maintenance = new TableMaintenance(store, settings, views);
    this.active = new ActiveWindows(store, maintenance, views, settings);
    this.removal = new KeyRemoval(store, settings.rule(), views, active);
    this.deletes =
        new TimeDeletes(gate, views, active, settings.grid(), settings.lateEntries(), drops);
  }

  /** The name of the table. */
  public String name() {
    return settings.name();
  }

  /** The rule of the table. */
  public Rule rule() {
    return settings.rule();
  }

  /** The key groups of the table. */
  public KeyGroups keyGroups() {
    return keyGroups;
  }

  ActiveWindows active() {
    return active;
  }

  TableMaintenance maintenance() {
    return maintenance;
  }

  // ---- writes ------------------------------------------------------------------------------
  //
  // An operation that the budget refuses has changed nothing; it is tried once more after relief.
  // Nothing is touched outside the gate: another thread may be about to be refused there.

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
    boolean accepted;
    try {
      accepted =
          tryAppend(keyBytes, keyOffset, keyLength, timestamp, value, valueOffset, valueLength);
    } catch (MemoryBudgetExceededException noRoom) {
      store.relieve();
      accepted =
          tryAppend(keyBytes, keyOffset, keyLength, timestamp, value, valueOffset, valueLength);
    }
    store.afterWrite();
    return accepted;
  }

  private boolean tryAppend(
      byte[] keyBytes,
      int keyOffset,
      int keyLength,
      long timestamp,
      byte[] value,
      int valueOffset,
      int valueLength) {
    store.beginWrite();
    try {
      setKey(keyBytes, keyOffset, keyLength);
      return appendWithinWrite(key, timestamp, value, valueOffset, valueLength);
    } finally {
      store.endWrite();
    }
  }

  private void setKey(byte[] bytes, int offset, int length) {
    key.set(bytes, offset, length, keyGroups.groupOf(bytes, offset, length));
  }

  /**
   * Appends an entry inside a write that the caller began with {@link StoreEngine#beginWrite}, and
   * who ends it and calls {@link StoreEngine#afterWrite()}; false if it is late and refused.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public boolean appendWithinWrite(
      Key to, long timestamp, byte[] value, int valueOffset, int valueLength) {
    if (refusesLate && isLate(timestamp)) {
      return false;
    }
    row.entry(timestamp, value, valueOffset, valueLength);
    active.at(timestamp).append(to, row, gate.moment());
    return true;
  }

  /**
   * Appends entries that come in order and are alike, as far as that goes at once; inside a write,
   * as {@link #appendWithinWrite}.
   *
   * @return how many; 0 if the next has to be appended by itself
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public int appendStretchWithinWrite(Key to, PendingRows pending, int from, int end) {
    long timestamp = pending.timestamp(from);
    if ((refusesLate && timestamp < views.floor()) || !active.isPastDeletes(timestamp)) {
      return 0;
    }
    return active.at(timestamp).appendStretch(to, pending, from, end, gate.moment());
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
    boolean accepted;
    try {
      accepted =
          tryPut(
              keyBytes, keyOffset, keyLength, timestamp, subkey, value, valueOffset, valueLength);
    } catch (MemoryBudgetExceededException noRoom) {
      store.relieve();
      accepted =
          tryPut(
              keyBytes, keyOffset, keyLength, timestamp, subkey, value, valueOffset, valueLength);
    }
    store.afterWrite();
    return accepted;
  }

  private boolean tryPut(
      byte[] keyBytes,
      int keyOffset,
      int keyLength,
      long timestamp,
      byte[] subkey,
      byte[] value,
      int valueOffset,
      int valueLength) {
    store.beginWrite();
    try {
      if (refusesLate && isLate(timestamp)) {
        return false;
      }
      setKey(keyBytes, keyOffset, keyLength);
      row.mapEntry(timestamp, subkey, value, valueOffset, valueLength);
      active.at(timestamp).put(key, row, gate.moment());
      return true;
    } finally {
      store.endWrite();
    }
  }

  private boolean isLate(long timestamp) {
    boolean late = timestamp < views.floor();
    if (late) {
      countLate();
    }
    return late;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the writer writes it
  private void countLate() {
    lateEntries = lateEntries + 1;
  }

  /**
   * Removes the entry of a map at a timestamp and subkey, if there is one.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public void remove(byte[] keyBytes, long timestamp, byte[] subkey) {
    write(
        () -> {
          setKey(keyBytes, 0, keyBytes.length);
          removal.entry(key, timestamp, subkey);
        });
  }

  /**
   * Removes the entry of a map at a timestamp and subkey, and returns its value; null if there is
   * none.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public byte @Nullable [] removeAndGet(byte[] keyBytes, long timestamp, byte[] subkey) {
    byte[] value;
    try {
      value = tryRemoveAndGet(keyBytes, timestamp, subkey);
    } catch (MemoryBudgetExceededException noRoom) {
      store.relieve();
      value = tryRemoveAndGet(keyBytes, timestamp, subkey);
    }
    store.afterWrite();
    return value;
  }

  private byte @Nullable [] tryRemoveAndGet(byte[] keyBytes, long timestamp, byte[] subkey) {
    store.beginWrite();
    try {
      setKey(keyBytes, 0, keyBytes.length);
      return removal.value(key, timestamp, subkey);
    } finally {
      store.endWrite();
    }
  }

  /**
   * Removes all entries of one key in the range.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public void removeRange(byte[] keyBytes, TimeRange range) {
    if (!range.isEmpty()) {
      write(
          () -> {
            setKey(keyBytes, 0, keyBytes.length);
            removal.range(key, range);
          });
    }
  }

  /** Deletes what was written in the range so far, of all keys. Needs no room. */
  public void deleteRange(TimeRange range) {
    if (!range.isEmpty()) {
      write(() -> deletes.range(range));
    }
  }

  /** Deletes everything older than the cutoff, of all keys. Needs no room. */
  public void deleteBefore(long cutoff) {
    store.beginWrite();
    try {
      deletes.before(cutoff);
    } finally {
      store.endWrite();
    }
    store.afterWrite();
  }

  private void write(Runnable operation) {
    try {
      tryWrite(operation);
    } catch (MemoryBudgetExceededException noRoom) {
      store.relieve();
      tryWrite(operation);
    }
    store.afterWrite();
  }

  private void tryWrite(Runnable operation) {
    store.beginWrite();
    try {
      operation.run();
    } finally {
      store.endWrite();
    }
  }

  // ---- reads -------------------------------------------------------------------------------

  /**
   * Opens a lease on the present.
   *
   * @throws IllegalStateException if the store is closed
   */
  public ReadLease lease() {
    gate.readerArrives();
    if (store.isClosed()) {
      gate.readerLeft();
      throw store.closedException();
    }
    while (true) {
      long moment = gate.awaitMoment();
      long version = gate.version();
      TableView now = views.get();
      long floor = views.floor();
      if (gate.isStill(moment) && now.tryRetain()) {
        return new ViewLease(gate, now, version, floor);
      }
    }
  }

  /** The present view; may be let go at any time. */
  TableView currentView() {
    return views.get();
  }

  /** The present floor: no entry below is visible. */
  long currentFloor() {
    return views.floor();
  }

  /** Number of partition windows. */
  public int windowCount() {
    return views.get().windowCount();
  }

  /** The newest cutoff of {@link #deleteBefore}. */
  public long cutoff() {
    return deletes.cutoff();
  }

  /** Entries that were refused because they were late. */
  public long lateEntries() {
    return lateEntries;
  }

  /** The queue of dropped entries; null without a listener. */
  @Nullable DropQueue drops() {
    return drops;
  }

  /** Drops everything. */
  void drop() {
    leaveAll();
    views.publish(old -> TableView.empty());
  }

  /** Lets go of everything; what is in the storage stays there. */
  void close() {
    leaveAll();
    views.close();
  }

  private void leaveAll() {
    for (PartitionWindow window : views.get().windows()) {
      active.leave(window);
    }
  }

  /** Reports what was dropped before the table was closed, now or when the last reader leaves. */
  void closeDrops() {
    if (drops != null) {
      drops.close();
    }
  }

  /** The table in numbers. */
  public TableStats stats() {
    TableView now = views.retain();
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
          deletes.cutoff(),
          lateEntries,
          deletes.droppedEntries(),
          TimeUnit.NANOSECONDS.toMillis(views.oldestAgeNanos()));
    } finally {
      now.release();
    }
  }
}
