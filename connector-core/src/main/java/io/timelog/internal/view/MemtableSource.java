package io.timelog.internal.view;

import io.timelog.internal.memtable.MemtableWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A window of the memtable as a source. Its bytes live no longer than its last holder. */
public final class MemtableSource extends Source {
  private static final int SEGMENT_MARGIN_PART = 8;

  private final MemtableWindow window;
  private final List<FlushWatch> watches = new ArrayList<>(0);
  private boolean flushed;

  MemtableSource(MemtableWindow window, Stage stage, AtomicInteger holders) {
    super(window.rows(), true, stage, window.baseVersion(), holders);
    this.window = window;
  }

  /** The same rows, sealed. Both stand for one source and share the count of holders. */
  public MemtableSource sealed() {
    return new MemtableSource(window, Stage.SEALED, holders());
  }

  /**
   * Has a watch told when the sealed rows were flushed.
   *
   * @return false if they were already; the watch learns nothing then
   */
  public synchronized boolean watch(FlushWatch watch) {
    if (!flushed) {
      watches.add(watch);
    }
    return !flushed;
  }

  /** The watch that came first, which asks most of a flush; null if there is none. */
  public synchronized @Nullable FlushWatch firstWatch() {
    return watches.isEmpty() ? null : watches.get(0);
  }

  /** Tells all watches what the rows became; null if none was left. */
  public void wasFlushed(@Nullable Source output) {
    List<FlushWatch> told;
    synchronized (this) {
      flushed = true;
      told = List.copyOf(watches);
      watches.clear();
    }
    told.forEach(watch -> watch.flushed(output));
  }

  @Override
  public MemtableWindow memtable() {
    return window;
  }

  @Override
  public boolean hasTombstones() {
    return window.hasTombstones();
  }

  @Override
  public long rangeReach() {
    return window.rows().rangeReach();
  }

  @Override
  public boolean findsByTime() {
    return window.findsByTime();
  }

  @Override
  public long bytes() {
    return window.bytes();
  }

  @Override
  public long bytesAlive() {
    return window.bytesAlive();
  }

  /**
   * At most the bytes that segments take with these rows, unless keys or values are of very unlike
   * sizes: rows of a chain lie as dense, and pages and buffers have ends that are empty.
   */
  public long bytesInSegments() {
    long alive = window.bytesAlive();
    return alive + alive / SEGMENT_MARGIN_PART;
  }

  @Override
  public long oldestBound() {
    return window.oldestBound();
  }

  @Override
  public long newestBound() {
    return window.newestBound();
  }

  @Override
  public long rowCount() {
    return window.rowCount();
  }

  @Override
  public long entryCount() {
    return window.rowCount();
  }

  @Override
  void free() {
    window.free();
  }

  @Override
  void supersede(@Nullable PartitionWindow next) {
    // Memory is all there is of it.
  }

  @Override
  void deleteUnshared() {
    // Memory is all there is of it.
  }
}
