package io.timelog.kafka.internal.host;

import io.timelog.Snapshot;
import io.timelog.Table;
import io.timelog.TableReader;

/** A table at one moment, until it is closed. Belongs to one thread. */
public final class PinnedTable implements AutoCloseable {
  private final Snapshot snapshot;
  private final TableReader reader;
  private final Runnable unpin;
  private boolean closed;

  /**
   * A table that stays as it is.
   *
   * @param snapshot the moment
   * @param reader the table in it
   * @param unpin is run once, by {@link #close()}
   */
  PinnedTable(Snapshot snapshot, TableReader reader, Runnable unpin) {
    this.snapshot = snapshot;
    this.reader = reader;
    this.unpin = unpin;
  }

  /** The entries. */
  public TableReader reader() {
    return reader;
  }

  /** The entries that a table beside this one had at the same moment. */
  public TableReader reader(Table beside) {
    return snapshot.table(beside.name());
  }

  /** Lets go of the moment; cursors opened before stay readable. Closing twice does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      unpin.run();
    }
  }
}
