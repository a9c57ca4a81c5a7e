package io.timelog.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.internal.compaction.WindowMerger;
import io.timelog.internal.drop.DropQueue;
import io.timelog.internal.drop.ReportingThreads;
import io.timelog.internal.drop.Retirement;
import io.timelog.internal.drop.RowDropListener;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.memtable.WriteMoment;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.storage.MemoryStorage;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.MemtableSource;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A map without an engine around it: a test writes, seals and drops its windows by hand. */
public final class HandMadeTable implements MaintainedTable, AutoCloseable {
  /** The width of a window. */
  public static final long WIDTH = 100;

  private static final long FIRST_VERSION = 0;

  private final MemoryAccount memory;
  private final MemoryStorage storage;
  private final CurrentView views = new CurrentView();
  private final PendingRow row = new PendingRow();
  private final WriteMoment moment = new WriteMoment();
  private final TableMaintenance maintenance;
  private final List<String> refused = new ArrayList<>();
  private @Nullable DropQueue drops;
  private Runnable beforeSegment = () -> {};
  private long roomForMerges = Long.MAX_VALUE;
  private int segmentCount;

  /** An empty table of this name, all of whose bytes are those of the account. */
  public HandMadeTable(String name, MemoryAccount memory) {
    this(name, memory, Long.MAX_VALUE);
  }

  /** As {@link #HandMadeTable(String, MemoryAccount)}, with segments of at most so many bytes. */
  public HandMadeTable(String name, MemoryAccount memory, long maxSegmentBytes) {
    this.memory = memory;
    this.storage = new MemoryStorage(memory);
    this.maintenance =
        new TableMaintenance(
            Rule.MAP,
            views,
            new WindowMerger(
                storage, name, 4096, WindowIndex.KEY, maxSegmentBytes, this::nextSegment),
            () -> roomForMerges,
            refusal -> {
              refused.add(name);
              return refusal;
            });
  }

  private String nextSegment() {
    beforeSegment.run();
    return "segment" + segmentCount++;
  }

  /** Leaves room for so many bytes of segments to merges that nobody waits for. */
  public void leaveToMerges(long bytes) {
    roomForMerges = bytes;
  }

  /** Has something done whenever a segment is begun, in the middle of a flush or merge. */
  public void beforeSegment(Runnable action) {
    beforeSegment = action;
  }

  /** Reports what is dropped from now on. */
  public void reportTo(RowDropListener listener) {
    drops = new DropQueue("table", Rule.MAP, listener, () -> {}, new ReportingThreads());
  }

  /** Puts an entry into the window that takes writes at its timestamp. */
  public void put(int key, long timestamp, int valueBytes) {
    row.mapEntry(timestamp, Span.of(new byte[0]), new byte[valueBytes], 0, valueBytes);
    PartitionWindow window = views.get().windowAt(timestamp);
    MemtableWindow active = window == null ? null : window.activeMemtable();
    if (active != null) {
      active.put(key(key), row, moment);
      return;
    }
    long first = Math.floorDiv(timestamp, WIDTH) * WIDTH;
    long last = first + WIDTH - 1;
    MemtableWindow made =
        new MemtableWindow(
            first, last, FIRST_VERSION, KeyGroups.NONE, WindowIndex.KEY, memory, null);
    made.put(key(key), row, moment);
    Source source = Source.active(made);
    publish(
        window == null ? new PartitionWindow(first, last, List.of(source)) : window.plus(source));
  }

  /** Hides all entries of a key in the window that takes writes, and in older sources. */
  public void putTombstone(int key, long timestamp) {
    PartitionWindow window = Objects.requireNonNull(views.get().windowAt(timestamp));
    MemtableWindow active = Objects.requireNonNull(window.activeMemtable());
    row.rangeTombstone(window.first(), window.last());
    active.appendRangeTombstone(Rule.MAP, key(key), row, moment);
  }

  /** Seals the window that takes writes at the timestamp. */
  public SealedRun.Part seal(long timestamp) {
    PartitionWindow window = Objects.requireNonNull(views.get().windowAt(timestamp));
    MemtableSource sealed = Objects.requireNonNull(window.active()).sealed();
    publish(window.withNewest(sealed));
    return new SealedRun.Part(maintenance, window.first(), sealed);
  }

  private void publish(PartitionWindow changed) {
    TableView now = views.get();
    List<PartitionWindow> windows = new ArrayList<>(now.windows());
    windows.removeIf(each -> each.first() == changed.first());
    windows.add(changed);
    windows.sort(Comparator.comparingLong(PartitionWindow::first));
    assertThat(views.publish(now, now.withWindows(windows))).isTrue();
  }

  /** Drops the whole window of the timestamp, to be reported. */
  public void drop(long timestamp) {
    TableView now = views.get();
    PartitionWindow window = Objects.requireNonNull(now.windowAt(timestamp));
    Retirement retirement =
        Retirement.of(
            now,
            FIRST_VERSION + 1,
            window.first(),
            window.last(),
            Objects.requireNonNull(drops)::add,
            () -> {});
    List<PartitionWindow> others = new ArrayList<>(now.windows());
    others.remove(window);
    assertThat(views.publish(now, now.withWindows(others), retirement)).isTrue();
  }

  /** Deletes what was written so far from the first to the last timestamp, of all keys. */
  public void delete(long first, long last) {
    TableView now = views.get();
    Tombstone delete = new Tombstone(first, last, FIRST_VERSION + 1);
    TableView next = now.withWindowsAndNeededOf(now.windows(), now.tombstones().with(delete));
    assertThat(views.publish(now, next)).isTrue();
  }

  /** No entry below is visible any more. */
  public void raiseFloor(long floor) {
    views.raiseFloor(floor);
  }

  /** The present view. */
  public TableView view() {
    return views.get();
  }

  /** The window of the timestamp. */
  public PartitionWindow window(long timestamp) {
    return Objects.requireNonNull(views.get().windowAt(timestamp));
  }

  /** The names of all segments that there are. */
  public List<String> segments() {
    return storage.list();
  }

  /** How often a refusal was explained. */
  public int refusals() {
    return refused.size();
  }

  @Override
  public TableMaintenance maintenance() {
    return maintenance;
  }

  @Override
  public @Nullable DropQueue drops() {
    return drops;
  }

  /** The key of a number. */
  public static Key key(int number) {
    return Key.of(ByteBuffer.allocate(Integer.BYTES).putInt(number).array(), 0);
  }

  @Override
  public void close() {
    if (drops != null) {
      drops.close();
    }
    views.close();
    storage.close();
  }
}
