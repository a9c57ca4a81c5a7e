package io.timelog.internal.engine;

import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.TableStats;
import io.timelog.TimeRange;
import io.timelog.internal.compaction.WindowMerger;
import io.timelog.internal.drop.DropQueue;
import io.timelog.internal.drop.RowDropListener;
import io.timelog.internal.key.Key;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.read.ReadLease;
import io.timelog.internal.row.Rule;
import io.timelog.internal.upkeep.MaintainedTable;
import io.timelog.internal.upkeep.TableMaintenance;
import io.timelog.internal.view.CurrentView;
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
public final class TableEngine implements MaintainedTable {
  private static final byte[] NO_BYTES = new byte[0];

  private final TableSettings settings;
  private final boolean refusesLate;
  private final KeyGroups keyGroups;
  private final WriterGate gate;
  private final Writes writes;
  private final Refusals refusals;
  private final CurrentView views = new CurrentView();
  private final ActiveWindows active;
  private final KeyRemoval removal;
  private final TimeDeletes deletes;
  private final TableMaintenance maintenance;
  private final BatchWrite batch;
  private final @Nullable DropQueue drops;
  private final Append append = new Append();
  private final Put put = new Put();
  private final Remove remove = new Remove();
  private final Take take = new Take();
  private final RemoveRange removeRange = new RemoveRange();
  private final DeleteRange deleteRange = new DeleteRange();
  private final DeleteBefore deleteBefore = new DeleteBefore();
  private final Key key = new Key();
  private final PendingRow row = new PendingRow();
  private volatile long lateEntries;
  private volatile boolean dropped;

  TableEngine(StoreParts store, TableSettings settings) {
    this.settings = settings;
    this.refusesLate = settings.lateEntries() == LateEntries.REFUSE;
    this.keyGroups = settings.keyGroups();
    this.gate = store.gate();
    this.writes = store.writes();
    this.refusals = store.refusals();
    RowDropListener listener = settings.dropListener();
    this.drops =
        listener == null
            ? null
            : new DropQueue(
                settings.name(), settings.rule(), listener, store.whenDropped(), store.reporting());
    this.maintenance =
        new TableMaintenance(
            settings.rule(),
            views,
            new WindowMerger(
                store.storage(),
                settings.name(),
                store.settings().targetPageBytes(),
                settings.index()),
            () -> settings.name() + "-" + store.segmentNumbers().get(),
            refusal -> store.refusals().explained(refusal, settings.name()));
    this.active =
        new ActiveWindows(gate, store.pool(), maintenance, views, settings, store.whenSealed());
    this.removal = new KeyRemoval(gate, store.pool(), settings.rule(), views, active);
    this.deletes =
        new TimeDeletes(gate, views, active, settings.grid(), settings.lateEntries(), drops);
    this.batch = new BatchWrite(settings.name(), writes, store.pool(), active);
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

  @Override
  public TableMaintenance maintenance() {
    return maintenance;
  }

  @Override
  public @Nullable DropQueue drops() {
    return drops;
  }

  /** A write to this table. */
  private abstract class TableWrite extends WriteOperation {
    @Override
    final boolean apply() {
      if (dropped) {
        throw refusals.dropped(name());
      }
      return write();
    }

    abstract boolean write();
  }

  /** A write that makes the table no larger, but for a tombstone. */
  private abstract class Removal extends TableWrite {
    @Override
    final boolean mayUseReserve() {
      return true;
    }
  }

  private void setKey(byte[] bytes, int offset, int length) {
    key.set(bytes, offset, length, keyGroups.groupOf(bytes, offset, length));
  }

  /**
   * Appends an entry to a multimap; false if it is late and refused.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   * @throws IllegalStateException if the table was dropped
   */
  public boolean append(
      byte[] keyBytes,
      int keyOffset,
      int keyLength,
      long timestamp,
      byte[] value,
      int valueOffset,
      int valueLength) {
    writes.begin();
    append.keyBytes = keyBytes;
    append.keyOffset = keyOffset;
    append.keyLength = keyLength;
    append.timestamp = timestamp;
    append.value = value;
    append.valueOffset = valueOffset;
    append.valueLength = valueLength;
    return writes.perform(settings.name(), append);
  }

  /**
   * Appends an entry, also if it is late, and leaves it to the caller to {@linkplain
   * StoreEngine#slowDown slow down} if maintenance lags.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public void appendQuietly(byte[] keyBytes, long timestamp, byte[] value, int valueLength) {
    writes.begin();
    append.keyBytes = keyBytes;
    append.keyOffset = 0;
    append.keyLength = keyBytes.length;
    append.timestamp = timestamp;
    append.value = value;
    append.valueOffset = 0;
    append.valueLength = valueLength;
    writes.performQuietly(settings.name(), append);
  }

  private final class Append extends TableWrite {
    private byte[] keyBytes = NO_BYTES;
    private int keyOffset;
    private int keyLength;
    private long timestamp;
    private byte[] value = NO_BYTES;
    private int valueOffset;
    private int valueLength;

    @Override
    boolean write() {
      if (isRefusedAsLate(timestamp)) {
        return false;
      }
      setKey(keyBytes, keyOffset, keyLength);
      row.entry(timestamp, value, valueOffset, valueLength);
      active.append(key, row);
      return true;
    }
  }

  /** Appends many entries of one key at once, all or none. For the writer. */
  public BatchWrite batch() {
    return batch;
  }

  /**
   * Puts an entry into a map; false if it is late and refused.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   * @throws IllegalStateException if the table was dropped
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
    writes.begin();
    put.keyBytes = keyBytes;
    put.keyOffset = keyOffset;
    put.keyLength = keyLength;
    put.timestamp = timestamp;
    put.subkey = subkey;
    put.value = value;
    put.valueOffset = valueOffset;
    put.valueLength = valueLength;
    return writes.perform(settings.name(), put);
  }

  private final class Put extends TableWrite {
    private byte[] keyBytes = NO_BYTES;
    private int keyOffset;
    private int keyLength;
    private long timestamp;
    private byte[] subkey = NO_BYTES;
    private byte[] value = NO_BYTES;
    private int valueOffset;
    private int valueLength;

    @Override
    boolean write() {
      if (isRefusedAsLate(timestamp)) {
        return false;
      }
      setKey(keyBytes, keyOffset, keyLength);
      row.mapEntry(timestamp, subkey, value, valueOffset, valueLength);
      active.put(key, row);
      return true;
    }

    /** An overwrite that makes nothing larger. */
    @Override
    boolean mayUseReserve() {
      byte[] present = removal.read(key, timestamp, subkey);
      return present != null && present.length >= valueLength;
    }
  }

  private boolean isRefusedAsLate(long timestamp) {
    boolean late = refusesLate && timestamp < views.floor();
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
   * @throws IllegalStateException if the table was dropped
   */
  public void remove(byte[] keyBytes, long timestamp, byte[] subkey) {
    writes.begin();
    remove.keyBytes = keyBytes;
    remove.timestamp = timestamp;
    remove.subkey = subkey;
    writes.perform(settings.name(), remove);
  }

  private final class Remove extends Removal {
    private byte[] keyBytes = NO_BYTES;
    private long timestamp;
    private byte[] subkey = NO_BYTES;

    @Override
    boolean write() {
      setKey(keyBytes, 0, keyBytes.length);
      return removal.entry(key, timestamp, subkey);
    }
  }

  /**
   * Removes the entry of a map at a timestamp and subkey, and returns its value; null if there is
   * none. Does not say that maintenance lags, because the value would be lost.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   * @throws IllegalStateException if the table was dropped
   */
  public byte @Nullable [] removeAndGet(byte[] keyBytes, long timestamp, byte[] subkey) {
    writes.begin();
    take.keyBytes = keyBytes;
    take.timestamp = timestamp;
    take.subkey = subkey;
    take.taken = null;
    return writes.performQuietly(settings.name(), take) ? take.taken : null;
  }

  private final class Take extends Removal {
    private byte[] keyBytes = NO_BYTES;
    private long timestamp;
    private byte[] subkey = NO_BYTES;
    private byte @Nullable [] taken;

    @Override
    boolean write() {
      setKey(keyBytes, 0, keyBytes.length);
      taken = removal.value(key, timestamp, subkey);
      return taken != null;
    }
  }

  /**
   * Removes all entries of one key in the range.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   * @throws IllegalStateException if the table was dropped
   */
  public void removeRange(byte[] keyBytes, TimeRange range) {
    writes.begin();
    removeRange.keyBytes = keyBytes;
    removeRange.range = range;
    writes.perform(settings.name(), removeRange);
  }

  private final class RemoveRange extends Removal {
    private byte[] keyBytes = NO_BYTES;
    private TimeRange range = TimeRange.all();

    @Override
    boolean write() {
      setKey(keyBytes, 0, keyBytes.length);
      return !range.isEmpty() && removal.range(key, range);
    }
  }

  /**
   * Deletes what was written in the range so far, of all keys. Needs no room.
   *
   * @throws IllegalStateException if the table was dropped
   */
  public void deleteRange(TimeRange range) {
    writes.begin();
    deleteRange.range = range;
    writes.perform(settings.name(), deleteRange);
  }

  private final class DeleteRange extends Removal {
    private TimeRange range = TimeRange.all();

    @Override
    boolean write() {
      deletes.range(range);
      return !range.isEmpty();
    }
  }

  /**
   * Deletes everything older than the cutoff, of all keys. Needs no room.
   *
   * @throws IllegalStateException if the table was dropped
   */
  public void deleteBefore(long cutoff) {
    writes.begin();
    deleteBefore.cutoff = cutoff;
    writes.perform(settings.name(), deleteBefore);
  }

  private final class DeleteBefore extends Removal {
    private long cutoff;

    @Override
    boolean write() {
      deletes.before(cutoff);
      return true;
    }
  }

  /**
   * Opens a lease on the present.
   *
   * @throws IllegalStateException if the store is closed or the table was dropped
   */
  public ReadLease lease() {
    while (true) {
      requireThere();
      long ticket = gate.awaitMoment();
      ReaderEpoch epoch = gate.presentEpoch();
      epoch.arrive();
      TableView now = views.get();
      long floor = views.floor();
      if (gate.isStill(ticket) && now.tryRetain()) {
        if (!dropped && !writes.isClosed()) {
          return new ViewLease(epoch, now, floor);
        }
        now.release();
      }
      epoch.leave();
    }
  }

  private void requireThere() {
    if (writes.isClosed()) {
      throw refusals.closed();
    }
    if (dropped) {
      throw refusals.dropped(name());
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

  /** About how many bytes the present view holds, not counting garbage in memtables. */
  long bytesAlive() {
    TableView now = views.retain();
    try {
      long bytes = 0;
      for (PartitionWindow window : now.windows()) {
        for (Source source : window.sources()) {
          bytes += source.bytesAlive();
        }
      }
      return bytes;
    } finally {
      now.release();
    }
  }

  /** The newest cutoff of {@link #deleteBefore}. */
  public long cutoff() {
    return deletes.cutoff();
  }

  /** Takes nothing any more and lets go of everything. For the writer, inside an operation. */
  void drop() {
    dropped = true;
    TableView now;
    do {
      now = views.get();
    } while (!views.publish(now, TableView.empty()));
    now.windows().forEach(active::leave);
  }

  /** Lets go of everything, when no write can come any more; what is in the storage stays there. */
  void close() {
    TableView last = views.get();
    views.close();
    last.windows().forEach(active::leave);
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
