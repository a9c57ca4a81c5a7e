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

  /**
   * An attempt that failed.
   *
   * @param room the bytes that it had
   * @param newestDelete the version of the newest delete then
   * @param floor below it nothing was visible then
   * @param newerRows the rows in the window that takes writes
   */
  private record Attempt(long room, long newestDelete, long floor, long newerRows) {}

  /** A merge of the window failed with so many bytes of room. */
  void add(PartitionWindow window, long room, TableView now, long floor) {
    attempts.keySet().retainAll(now.windows());
    attempts.put(
        window, new Attempt(room, now.tombstones().newestVersion(), floor, newerRows(window)));
  }

  /** Whether enough has changed for the better since a merge of the window failed. */
  boolean mayFit(PartitionWindow window, long room, TableView now, long floor) {
    Attempt last = attempts.get(window);
    return last == null
        || room - room / GROWTH_PART > last.room
        || now.tombstones().newestVersion() != last.newestDelete
        || floor != last.floor
        || newerRows(window) > last.newerRows + last.newerRows / GROWTH_PART;
  }

  private static long newerRows(PartitionWindow window) {
    Source active = window.active();
    return active == null ? 0 : active.rowCount();
  }
}
