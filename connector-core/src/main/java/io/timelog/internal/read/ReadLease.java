package io.timelog.internal.read;

import io.timelog.internal.row.ReadScope;
import io.timelog.internal.view.TableView;

/** The right to read one view of a table as of one version, until it is closed. */
public interface ReadLease extends AutoCloseable {
  /** The view. */
  TableView view();

  /** The newest version of rows that this reader may see. */
  long version();

  /** That version, and what is kept in memory for the reader, until the lease is closed. */
  ReadScope scope();

  /** The first timestamp that may be visible: entries below are not, whenever they were written. */
  long floor();

  /** Releases the view. Closing twice does nothing. */
  @Override
  void close();
}
