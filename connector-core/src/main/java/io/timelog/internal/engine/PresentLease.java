package io.timelog.internal.engine;

import io.timelog.internal.read.ReadLease;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.TableView;

/**
 * A lease on the present for the writer itself, who has the gate or a claim to it until the lease
 * is closed. No reader is counted: nobody can write meanwhile. Opened again and again.
 */
final class PresentLease implements ReadLease {
  private final WriterGate gate;
  private final CurrentView views;
  private final Runnable whenClosed;
  private final ReadScope scope = new ReadScope();
  private TableView view = TableView.empty();
  private boolean open;

  PresentLease(WriterGate gate, CurrentView views, Runnable whenClosed) {
    this.gate = gate;
    this.views = views;
    this.whenClosed = whenClosed;
  }

  /** Begins; the lease must be closed. */
  PresentLease open() {
    view = views.retain();
    scope.at(gate.version());
    open = true;
    return this;
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
    return views.floor();
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      scope.close();
      view.release();
      whenClosed.run();
    }
  }
}
