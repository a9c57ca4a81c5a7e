package io.timelog.internal.row;

import org.jspecify.annotations.Nullable;

/** The rows that one source has of one key. */
public interface KeyRows {
  /**
   * The rows with {@code first <= timestamp <= last}; null if the source does not have the key. The
   * cursor is valid until the next call, which may reuse it.
   */
  @Nullable RowCursor rows(long first, long last, Direction direction);
}
