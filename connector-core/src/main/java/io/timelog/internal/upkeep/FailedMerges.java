package io.timelog.internal.upkeep;

import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.HashMap;
import java.util.Map;

/**
 * The windows of a table of which a merge found no room or freed little, so that it is not tried
 * again and again in vain. For one thread at a time.
 */
final class FailedMerges {
  /** How much more room there must be, or more rows that may hide others, in parts. */
  private static final int GROWTH_PART = 4;

  private final Map<PartitionWindow, Attempt> attempts = new HashMap<>();
  private long newestDelete;

  /**
   * An attempt that failed.
   *
   * @param room the bytes that it had
   * @param newerRows the rows in the window that takes writes
   */
  private record Attempt(long room, long newerRows) {}

  /** A merge of the window failed with so many bytes of room. */
  void add(PartitionWindow window, long room) {
    attempts.put(window, new Attempt(room, newerRows(window)));
  }

  /** Whether clearly more has changed for the better since a merge of the window failed. */
  boolean mayFit(PartitionWindow window, long room) {
    Attempt last = attempts.get(window);
    return last == null
        || room - room / GROWTH_PART > last.room
        || newerRows(window) > last.newerRows + last.newerRows / GROWTH_PART;
  }

  private static long newerRows(PartitionWindow window) {
    Source active = window.active();
    return active == null ? 0 : active.rowCount();
  }

  /** Forgets windows that have changed, and all of them if more was deleted since. */
  void forgetOthersThan(TableView now) {
    if (attempts.isEmpty()) {
      return;
    }
    if (now.tombstones().newestVersion() != newestDelete) {
      newestDelete = now.tombstones().newestVersion();
      attempts.clear();
    }
    attempts.keySet().retainAll(now.windows());
  }
}
