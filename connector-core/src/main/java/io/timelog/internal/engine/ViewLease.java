package io.timelog.internal.engine;

import io.timelog.internal.read.ReadLease;
import io.timelog.internal.view.TableView;

/** A lease on the view of one table. Belongs to the thread that reads. */
final class ViewLease implements ReadLease {
  private final ReaderEpoch epoch;
  private final TableView view;
  private final long floor;
  private boolean closed;

  /** The view is retained, and the reader counted in the epoch, by the caller. */
  ViewLease(ReaderEpoch epoch, TableView view, long floor) {
    this.epoch = epoch;
    this.view = view;
    this.floor = floor;
  }

  @Override
  public TableView view() {
    return view;
  }

  @Override
  public long version() {
    return epoch.version();
  }

  @Override
  public long floor() {
    return floor;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      view.release();
      epoch.leave();
    }
  }
}
