package io.timelog.internal.engine;

import io.timelog.internal.read.ReadLease;
import io.timelog.internal.view.TableView;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The views of all tables of a store at one moment. Thread-safe. */
public final class SnapshotLease implements AutoCloseable {
  private final WriterGate gate;
  private final Map<TableEngine, Moment> moments;
  private final long version;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** What a reader of one table sees: its view, and the floor at that moment. */
  record Moment(TableView view, long floor) {}

  /** The views are retained and one reader announced by the caller. */
  SnapshotLease(WriterGate gate, Map<TableEngine, Moment> moments, long version) {
    this.gate = gate;
    this.moments = Map.copyOf(moments);
    this.version = version;
  }

  /** Whether the table existed at the moment of the snapshot. */
  public boolean contains(TableEngine table) {
    return moments.containsKey(table);
  }

  /**
   * A lease of its own on one table, which outlives the snapshot.
   *
   * @throws IllegalStateException if the snapshot is closed
   */
  public ReadLease lease(TableEngine table) {
    gate.readerArrives();
    Moment moment = moments.get(table);
    if (moment == null || closed.get() || !moment.view.tryRetain()) {
      gate.readerLeft();
      throw new IllegalStateException("The snapshot is closed.");
    }
    return new ViewLease(gate, moment.view, version, moment.floor);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      for (Moment moment : moments.values()) {
        moment.view.release();
      }
      gate.readerLeft();
    }
  }
}
