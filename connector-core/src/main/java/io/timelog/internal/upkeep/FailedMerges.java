package io.timelog.internal.upkeep;

import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.TableView;
import java.util.HashMap;
import java.util.Map;

/**
 * The windows of a table of which a merge found no room, so that it is not tried again and again
 * with as little. For one thread at a time.
 */
final class FailedMerges {
  /** How much more room there must be, in parts of what there was. */
  private static final int GROWTH_PART = 4;

  private final Map<PartitionWindow, Long> roomThen = new HashMap<>();
  private long newestDelete;

  /** A merge of the window failed with so many bytes of room. */
  void add(PartitionWindow window, long room) {
    roomThen.put(window, room);
  }

  /** Whether there is clearly more room than when a merge of the window failed. */
  boolean mayFit(PartitionWindow window, long room) {
    Long then = roomThen.get(window);
    return then == null || room > then + then / GROWTH_PART;
  }

  /** Forgets windows that have changed, and all of them if more was deleted since. */
  void forgetOthersThan(TableView now) {
    if (roomThen.isEmpty()) {
      return;
    }
    if (now.tombstones().newestVersion() != newestDelete) {
      newestDelete = now.tombstones().newestVersion();
      roomThen.clear();
    }
    roomThen.keySet().retainAll(now.windows());
  }
}
