package io.timelog.flink.internal.table;

import io.timelog.Span;
import io.timelog.TimeRange;

/**
 * Is told what is about to be written to the rows of a state, so that what was derived from them
 * can be let go.
 */
public interface RowObserver {
  /** A row of a key is about to be written, replaced or removed at a timestamp. */
  void beforeWrite(Span key, long timestamp);

  /** The rows of a key in a range are about to be removed. */
  void beforeRemove(Span key, TimeRange range);
}
