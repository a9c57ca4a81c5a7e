package io.timelog.internal.engine;

import io.timelog.internal.read.ReadLease;
import io.timelog.internal.view.TableView;

/** A lease on the view of one table. Belongs to the thread that reads. */
final class ViewLease implements ReadLease {
  private final WriterGate gate;
  private final TableView view;
  private final long version;
  private final long floor;
  private boolean closed;

  /** The view is retained and the reader announced by the caller. */
  ViewLease(WriterGate gate, TableView view, long version, long floor) {
    this.gate = gate;
    this.view = view;
    this.version = version;
    this.floor = floor;
  }

  @Override
  public TableView view() {
    return view;
  }

  @Override
  public long version() {
    return version;
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
      gate.readerLeft();
    }
  }
}
