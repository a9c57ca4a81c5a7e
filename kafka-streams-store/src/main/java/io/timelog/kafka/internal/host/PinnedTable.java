package io.timelog.kafka.internal.host;

import io.timelog.TableReader;

/** A table at one moment, until it is closed. Belongs to one thread. */
public final class PinnedTable implements AutoCloseable {
  private final TableReader reader;
  private final Runnable unpin;
  private boolean closed;

  /**
   * A table that stays as it is.
   *
   * @param unpin is run once, by {@link #close()}
   */
  PinnedTable(TableReader reader, Runnable unpin) {
    this.reader = reader;
    this.unpin = unpin;
  }

  /** The entries. */
  public TableReader reader() {
    return reader;
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
