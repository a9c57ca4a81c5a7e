package io.timelog.internal.view;

import io.timelog.internal.memtable.MemtableWindow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A window of the memtable as a source. Its bytes live no longer than its last holder. */
public final class MemtableSource extends Source {
  private final MemtableWindow window;

  MemtableSource(MemtableWindow window, Stage stage, AtomicInteger holders) {
    super(window.rows(), stage, window.baseVersion(), holders);
    this.window = window;
  }

  /** The same rows, sealed. Both stand for one source and share the count of holders. */
  public MemtableSource sealed() {
    return new MemtableSource(window, Stage.SEALED, holders());
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
    return window.bytes() - window.garbageBytes();
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
  public void discard() {
    free();
  }
}
