package io.timelog.internal.memtable;

import io.timelog.internal.key.Key;
import io.timelog.internal.row.RowCursor;

/** Decides about entries of a window, key by key. */
@FunctionalInterface
public interface EntryChoice {
  /** Whether an entry is chosen. Both may be read during the call only. */
  boolean includes(Key key, RowCursor entry);
}
