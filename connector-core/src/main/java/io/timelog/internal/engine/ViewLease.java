package io.timelog.internal.engine;

import io.timelog.internal.read.ReadLease;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.view.TableView;

/** A lease on the view of one table. Belongs to the thread that reads. */
final class ViewLease implements ReadLease {
  private final ReaderEpoch epoch;
  private final TableView view;
  private final long floor;
  private final ReadScope scope;
  private boolean closed;

  /** The view is retained, and the reader counted in the epoch, by the caller. */
  ViewLease(ReaderEpoch epoch, TableView view, long floor) {
    this.epoch = epoch;
    this.view = view;
    this.floor = floor;
    this.scope = new ReadScope(epoch.version());
  }

  @Override
  public TableView view() {
    return view;
  }

  @Override
  public long version() {
    return scope.version();
  }

  @Override
  public ReadScope scope() {
    return scope;
  }

  @Override
  public long floor() {
    return floor;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      scope.close();
      view.release();
      epoch.leave();
    }
  }
}
