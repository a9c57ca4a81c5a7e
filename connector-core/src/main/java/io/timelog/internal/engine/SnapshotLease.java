package io.timelog.internal.engine;

import io.timelog.internal.read.ReadLease;
import io.timelog.internal.view.TableView;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The views of all tables of a store at one moment. Thread-safe. */
public final class SnapshotLease implements AutoCloseable {
  private final ReaderEpoch epoch;
  private final Map<TableEngine, Moment> moments;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** What a reader of one table sees: its view, and the floor at that moment. */
  record Moment(TableView view, long floor) {}

  /** The views are retained, and one reader counted in the epoch, by the caller. */
  SnapshotLease(ReaderEpoch epoch, Map<TableEngine, Moment> moments) {
    this.epoch = epoch;
    this.moments = Map.copyOf(moments);
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
    Moment moment = moments.get(table);
    if (moment != null && !closed.get() && epoch.tryJoin()) {
      if (moment.view.tryRetain()) {
        return new ViewLease(epoch, moment.view, moment.floor);
      }
      epoch.leave();
    }
    throw new IllegalStateException("The snapshot is closed.");
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      for (Moment moment : moments.values()) {
        moment.view.release();
      }
      epoch.leave();
    }
  }
}
