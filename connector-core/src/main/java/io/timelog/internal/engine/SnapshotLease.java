package io.timelog.internal.engine;

import io.timelog.internal.manifest.TableView;
import io.timelog.internal.read.ReadLease;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The views of all tables of a store at one moment. Thread-safe. */
public final class SnapshotLease implements AutoCloseable {
  private final WriterGate gate;
  private final Map<TableEngine, TableView> views;
  private final long version;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The views are retained and one reader announced by the caller. */
  SnapshotLease(WriterGate gate, Map<TableEngine, TableView> views, long version) {
    this.gate = gate;
    this.views = Map.copyOf(views);
    this.version = version;
  }

  /** Whether the table existed at the moment of the snapshot. */
  public boolean contains(TableEngine table) {
    return views.containsKey(table);
  }

  /**
   * A lease of its own on one table, which outlives the snapshot.
   *
   * @throws IllegalStateException if the snapshot is closed
   */
  public ReadLease lease(TableEngine table) {
    gate.readerArrives();
    TableView view = views.get(table);
    if (view == null || closed.get() || !view.tryRetain()) {
      gate.readerLeft();
      throw new IllegalStateException("The snapshot is closed.");
    }
    return new ViewLease(gate, view, version);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      for (TableView view : views.values()) {
        view.release();
      }
      gate.readerLeft();
    }
  }
}
