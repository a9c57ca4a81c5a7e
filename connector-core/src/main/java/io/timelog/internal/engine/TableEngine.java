package io.timelog.internal.engine;

import io.timelog.ByteTarget;
import io.timelog.EntryFilter;
import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.TableStats;
import io.timelog.TimeRange;
import io.timelog.internal.checkpoint.TableCut;
import io.timelog.internal.checkpoint.TableImage;
import io.timelog.internal.compaction.EntryFiltering;
import io.timelog.internal.compaction.WindowMerger;
import io.timelog.internal.drop.DropQueue;
import io.timelog.internal.drop.RowDropListener;
import io.timelog.internal.key.Key;
import io.timelog.internal.manifest.FlushedWindow;
import io.timelog.internal.memory.Purpose;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.read.PointRead;
import io.timelog.internal.read.ReadLease;
import io.timelog.internal.row.Rule;
import io.timelog.internal.upkeep.MaintainedTable;
import io.timelog.internal.upkeep.TableMaintenance;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.MemtableSource;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One table: its operations, each between the two ends of the gate of the store, and what a read
 * sees.
 *
 * <p>Methods named after writes are for the one writer of the store. {@link #lease()} is for any
 * thread.
 */
public final class TableEngine implements MaintainedTable {
  private final int id;
  private final TableSettings settings;
  private final boolean refusesLate;
  private final KeyGroups keyGroups;
  private final WriterGate gate;
  private final Writes writes;
  private final Refusals refusals;
  private final CurrentView views = new CurrentView();
  private final ActiveWindows active;
  private final WindowSealing sealing;
  private final WindowTidying tidying;
  private final PresentEntries present;
  private final KeyRemoval removal;
  private final TimeDeletes deletes;
  private final TableMaintenance maintenance;
  private final TableJournal journal;
  private final BatchWrite batch;
  private final WriterReads reads;
  private final EntryUpdate updates;
  private final EntryReplacement replacement;
  private final @Nullable DropQueue drops;
  private final @Nullable EntryFiltering filter;
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

  TableEngine(StoreParts store, int id, TableSettings settings) {
    this.id = id;
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
    EntryFilter entries = settings.filter();
    this.filter =
        entries == null
            ? null
            : new EntryFiltering(settings.name(), settings.rule(), entries, store.reporting());
    this.maintenance =
        new TableMaintenance(
            settings.rule(),
            views,
            new WindowMerger(
                store.storage(),
                settings.name(),
                store.settings().targetPageBytes(),
                settings.index(),
                store.maxSegmentBytes(),
                store.segmentNames(),
                filter),
            store.pool()::roomForMerges,
            refusal -> store.refusals().explained(refusal, settings.name()));
    WindowRewriting rewriting = new WindowRewriting(gate, store.pool(), views);
    this.journal = store.journal().table(id, settings.rule());
    this.active =
        new ActiveWindows(
            gate,
            store.pool(),
            maintenance,
            views,
            settings,
            rewriting,
            journal,
            store.whenSealed());
    this.sealing =
        new WindowSealing(maintenance, views, settings.rule(), active, store.whenSealed());
    this.tidying = new WindowTidying(gate, maintenance, views, active, rewriting, filter);
    this.present = new PresentEntries(gate, views);
    this.removal = new KeyRemoval(gate, store.pool(), settings.rule(), views, active, present);
    this.deletes =
        new TimeDeletes(
            gate,
            views,
            active,
            rewriting,
            settings.grid(),
            settings.lateEntries(),
            journal,
            drops);
    this.batch = new BatchWrite(settings.name(), writes, store.pool(), active);
    this.reads = new WriterReads(this, gate, writes, views, present);
    this.updates = new EntryUpdate(this, writes);
    this.replacement = new EntryReplacement(this, writes);
  }

  /** The name of the table. */
  public String name() {
    return settings.name();
  }

  /** Tells the table among all that its store ever had. */
  int id() {
    return id;
  }

  /**
   * Fails if a table of the same name is to be another one.
   *
   * @throws IllegalArgumentException if its shape is another one
   */
  public void requireSameShape(TableSettings wanted) {
    if (!settings.shape().equals(wanted.shape())) {
      throw new IllegalArgumentException(
          "A table must be opened with the settings that it was made with: made="
              + settings.shape()
              + ", wanted="
              + wanted.shape());
    }
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

  WindowSealing sealing() {
    return sealing;
  }

  WindowTidying tidying() {
    return tidying;
  }

  @Override
  public TableMaintenance maintenance() {
    return maintenance;
  }

  @Override
  public @Nullable DropQueue drops() {
    return drops;
  }

  /** A write that makes the table no larger, but for a tombstone. */
  private abstract static class Removal extends WriteOperation {
    @Override
    final Purpose purpose() {
      return Purpose.NO_GROWTH;
    }
  }

  /** For the writer: fails if the table was dropped. */
  void requireNotDropped() {
    if (dropped) {
      throw refusals.dropped(name());
    }
  }

  /** Whether the table was dropped. Any thread. */
  boolean isDropped() {
    return dropped;
  }

  /** The key with these bytes, until the next call. For the writer. */
  Key keyOf(Span bytes) {
    int group = keyGroups.groupOf(bytes.bytes(), bytes.offset(), bytes.length());
    return key.set(bytes.bytes(), bytes.offset(), bytes.length(), group);
  }

  /** A key with these bytes, which must not change as long as it is used. Any thread. */
  public Key newKey(Span bytes) {
    int group = keyGroups.groupOf(bytes.bytes(), bytes.offset(), bytes.length());
    return new Key().set(bytes.bytes(), bytes.offset(), bytes.length(), group);
  }

  /** What the writer reads without a lease. */
  public WriterReads reads() {
    return reads;
  }

  /** Writes that depend on the entry that is there. For the writer. */
  public EntryUpdate updates() {
    return updates;
  }

  /** Replaces all entries of a key and timestamp. For the writer. */
  public EntryReplacement replacement() {
    return replacement;
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
    writes.begin(this);
    append.row.entry(timestamp, value, valueOffset, valueLength);
    append.set(keyBytes, keyOffset, keyLength);
    return writes.perform(settings.name(), append);
  }

  /**
   * Appends an entry, also if it is late, and leaves it to the caller to {@linkplain
   * StoreEngine#slowDown slow down} if maintenance lags.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public void appendQuietly(Key to, long timestamp, byte[] value, int valueLength) {
    writes.begin(this);
    append.row.entry(timestamp, value, 0, valueLength);
    append.rowKey = to;
    writes.performQuietly(settings.name(), append);
  }

  /**
   * Deletes again what a log says: everything older than the cutoff, if entries below are refused,
   * else nothing, for the log has a delete for that. For the writer.
   */
  void deleteBeforeAgain(long cutoff) {
    if (refusesLate) {
      deleteBefore(cutoff);
    } else {
      deletes.raiseCutoff(cutoff);
    }
  }

  private final class Append extends WriteOperation {
    private final Key ownKey = new Key();
    private final PendingRow row = new PendingRow();
    private Key rowKey = ownKey;

    void set(byte[] bytes, int offset, int length) {
      rowKey = ownKey.set(bytes, offset, length, keyGroups.groupOf(bytes, offset, length));
    }

    @Override
    boolean apply() {
      if (isRefusedAsLate(row.timestamp())) {
        return false;
      }
      active.append(rowKey, row);
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
  public boolean put(Span keyBytes, long timestamp, Span subkey, Span value) {
    writes.begin(this);
    put.place.set(keyBytes, timestamp, subkey);
    put.value.set(value);
    return writes.perform(settings.name(), put);
  }

  /** As {@link #put(Span, long, Span, Span)}, of whole arrays. */
  public boolean put(byte[] keyBytes, long timestamp, byte[] subkey, byte[] value) {
    writes.begin(this);
    put.place.set(keyBytes, timestamp, subkey);
    put.value.set(value);
    return writes.perform(settings.name(), put);
  }

  private final class Put extends WriteOperation {
    private final EntryPlace place = new EntryPlace();
    private final Span value = new Span();

    @Override
    boolean apply() {
      return putEntry(place, value);
    }

    @Override
    Purpose purpose() {
      return purposeOfPut(place, value);
    }
  }

  /**
   * Puts an entry into a map, within an operation; false if it is late and refused.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  boolean putEntry(EntryPlace place, Span value) {
    if (isRefusedAsLate(place.timestamp())) {
      return false;
    }
    row.mapEntry(place.timestamp(), place.subkey(), value.bytes(), value.offset(), value.length());
    active.put(keyOf(place.key()), row);
    return true;
  }

  /**
   * Removes an entry of a map, within an operation; false if there is none.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  boolean removeEntry(EntryPlace place) {
    return removal.entry(keyOf(place.key()), place.timestamp(), place.subkey());
  }

  KeyRemoval removal() {
    return removal;
  }

  /** What a put needs memory for: that depends on the value that it overwrites, if any. */
  Purpose purposeOfPut(EntryPlace place, Span value) {
    int present = readPresent(place, null);
    if (present == PointRead.ABSENT) {
      return Purpose.NEW_ENTRIES;
    }
    return present >= value.length() ? Purpose.NO_GROWTH : Purpose.LONGER_ENTRIES;
  }

  /**
   * The length of the value of an entry as it is now, which is copied; {@link PointRead#ABSENT} if
   * there is none. For the writer.
   *
   * @param into null if only the length is asked for
   */
  int readPresent(EntryPlace place, @Nullable ByteTarget into) {
    return present.read(keyOf(place.key()), place.timestamp(), place.subkey(), into);
  }

  /** Whether an entry is to be refused because it is late; counts it then. For the writer. */
  boolean isRefusedAsLate(long timestamp) {
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
  public void remove(Span keyBytes, long timestamp, Span subkey) {
    writes.begin(this);
    remove.place.set(keyBytes, timestamp, subkey);
    writes.perform(settings.name(), remove);
  }

  /** As {@link #remove(Span, long, Span)}, of whole arrays. */
  public void remove(byte[] keyBytes, long timestamp, byte[] subkey) {
    writes.begin(this);
    remove.place.set(keyBytes, timestamp, subkey);
    writes.perform(settings.name(), remove);
  }

  private final class Remove extends Removal {
    private final EntryPlace place = new EntryPlace();

    @Override
    boolean apply() {
      return removeEntry(place);
    }
  }

  /**
   * Removes the entry of a map at a timestamp and subkey, and copies its value into a target; false
   * if there is none. Does not say that maintenance lags, because the value would be lost.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   * @throws IllegalStateException if the table was dropped
   */
  public boolean removeAndGet(Span keyBytes, long timestamp, Span subkey, ByteTarget into) {
    writes.begin(this);
    take.place.set(keyBytes, timestamp, subkey);
    take.into = into;
    return writes.performQuietly(settings.name(), take);
  }

  private final class Take extends Removal {
    private final EntryPlace place = new EntryPlace();
    private ByteTarget into = new ByteTarget();

    @Override
    boolean apply() {
      return removal.value(keyOf(place.key()), place.timestamp(), place.subkey(), into);
    }
  }

  /**
   * Removes all entries of one key in the closed range.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   * @throws IllegalStateException if the table was dropped
   */
  public void removeRange(Span keyBytes, long first, long last) {
    writes.begin(this);
    removeRange.keyBytes.set(keyBytes);
    removeRange.first = first;
    removeRange.last = last;
    writes.perform(settings.name(), removeRange);
  }

  /** As {@link #removeRange(Span, long, long)}, of a whole array. */
  public void removeRange(byte[] keyBytes, TimeRange range) {
    writes.begin(this);
    removeRange.keyBytes.set(keyBytes);
    removeRange.first = range.first();
    removeRange.last = range.last();
    writes.perform(settings.name(), removeRange);
  }

  private final class RemoveRange extends Removal {
    private final Span keyBytes = new Span();
    private long first;
    private long last;

    @Override
    boolean apply() {
      return first <= last && removal.range(keyOf(keyBytes), first, last);
    }
  }

  /**
   * Deletes what was written in the range so far, of all keys. Needs no room.
   *
   * @throws IllegalStateException if the table was dropped
   */
  public void deleteRange(TimeRange range) {
    writes.begin(this);
    deleteRange.range = range;
    writes.perform(settings.name(), deleteRange);
  }

  private final class DeleteRange extends Removal {
    private TimeRange range = TimeRange.all();

    @Override
    boolean apply() {
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
    writes.begin(this);
    deleteBefore.cutoff = cutoff;
    writes.perform(settings.name(), deleteBefore);
  }

  private final class DeleteBefore extends Removal {
    private long cutoff;

    @Override
    boolean apply() {
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

  /**
   * Takes nothing any more and lets go of everything. For the writer, inside an operation.
   *
   * @throws MemoryBudgetExceededException if there is no room to note that; nothing changed
   */
  void drop() {
    journal.makeRoomForOperations(1);
    dropped = true;
    TableView now;
    do {
      now = views.get();
    } while (!views.publish(now, TableView.empty()));
    for (PartitionWindow window : now.windows()) {
      active.leave(window);
      active.discard(window, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    journal.dropped();
  }

  /**
   * Has the window of a log in its place: what overlaps it and is another one has left the view
   * when that window was begun. For the writer.
   */
  void makeWayFor(long first, long last) {
    writes.begin(this);
    try {
      active.planFor(first, last);
      clear(first, last);
    } finally {
      writes.end();
    }
  }

  private void clear(long first, long last) {
    Predicate<PartitionWindow> isOther =
        window ->
            window.overlaps(first, last) && (window.first() != first || window.last() != last);
    List<PartitionWindow> others = views.get().windows().stream().filter(isOther).toList();
    if (!others.isEmpty()) {
      views.update(
          now -> {
            List<PartitionWindow> kept = new ArrayList<>(now.windows());
            kept.removeIf(isOther);
            return now.withWindowsAndNeededOf(kept, now.tombstones());
          });
      others.forEach(active::leave);
    }
  }

  /** Ends what {@link #makeWayFor} began. For the writer. */
  void endWindowOfLog() {
    active.forgetPlan();
  }

  /** Lets go of everything, when no write can come any more; what is in the storage stays there. */
  void close() {
    TableView last = views.get();
    views.close();
    last.windows().forEach(active::leave);
  }

  /**
   * The table at this moment, of which the caller lets go. For the writer, inside an operation,
   * when nothing takes writes.
   */
  TableCut cut() {
    TableView now = views.retain();
    try {
      return new TableCut(id, settings.shape(), deletes.cutoff(), views.floor(), now, maintenance);
    } finally {
      now.release();
    }
  }

  /**
   * The table at this moment, without what is in windows that take writes; of which the caller lets
   * go. For the writer, inside an operation.
   *
   * @param left is told of these windows
   * @param flushed is told how far the log of each partition window is in what was cut
   */
  TableCut cutBeside(long nextSerial, LongConsumer left, Consumer<FlushedWindow> flushed) {
    TableView now = views.retain();
    try {
      List<PartitionWindow> windows = new ArrayList<>();
      for (PartitionWindow window : now.windows()) {
        MemtableSource newest = window.active();
        PartitionWindow rest = window;
        long before = nextSerial;
        if (newest != null) {
          before = newest.memtable().journal().serial();
          left.accept(before);
          rest = window.withSources(window.sources().subList(0, window.sources().size() - 1));
        }
        if (!rest.sources().isEmpty()) {
          windows.add(rest);
          flushed.accept(new FlushedWindow(id, window.first(), before - 1));
        }
      }
      return new TableCut(
          id,
          settings.shape(),
          deletes.cutoff(),
          views.floor(),
          now.withWindows(windows),
          maintenance);
    } finally {
      now.release();
    }
  }

  /**
   * Hands all that the table has on to a new one, which takes its place. For the writer, inside an
   * operation, and for a table to which nothing was written yet.
   */
  void handOnTo(TableEngine next) {
    TableView last = views.take();
    try {
      next.restore(
          new TableImage(last.windows(), last.tombstones(), views.floor(), deletes.cutoff()));
    } finally {
      last.release();
    }
  }

  /** Makes what was imported the content of the table, which is new and nobody knows yet. */
  void restore(TableImage image) {
    TableView empty = views.get();
    views.publish(empty, empty.withWindowsAndNeededOf(image.windows(), image.tombstones()));
    views.raiseFloor(image.floor());
    deletes.restore(image.cutoff());
    active.deletesChanged();
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
              int segments = source.segments().size();
              level0 += source.stage() == Source.Stage.LEVEL_0 ? segments : 0;
              level1 += source.stage() == Source.Stage.LEVEL_1 ? segments : 0;
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
          filter == null ? 0 : filter.dropped(),
          filter == null ? 0 : filter.failures(),
          TimeUnit.NANOSECONDS.toMillis(views.oldestAgeNanos()));
    } finally {
      now.release();
    }
  }
}
