package io.timelog.model;

import io.timelog.TableDropListener;
import io.timelog.TimeRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares what a drop listener is told with what was deleted. Entries are told apart by key,
 * timestamp and value; equal ones are counted.
 */
final class DropCheck implements TableDropListener {
  private final Map<Dropped, Integer> unreported = new HashMap<>();
  private final ArrayDeque<Dropped> reports = new ArrayDeque<>();
  private final Map<Bytes, List<TimeRange>> removals = new HashMap<>();
  private final boolean throwing;
  private long calls;
  private long thrown;

  /**
   * @param throwing whether some calls throw, after they have been noted
   */
  DropCheck(boolean throwing) {
    this.throwing = throwing;
  }

  @Override
  public synchronized void onDrop(byte[] key, long timestamp, byte[] subkey, byte[] value) {
    reports.addLast(new Dropped(Bytes.of(key), timestamp, Bytes.of(value)));
    calls++;
    if (throwing && calls % 5 == 0) {
      thrown++;
      if (calls % 15 == 0) {
        throw new AssertionError("A listener of the model test throws an error");
      }
      throw new IllegalArgumentException("A listener of the model test throws");
    }
  }

  /** How often the listener threw. */
  synchronized long thrown() {
    return thrown;
  }

  /** The entry was deleted, so it may be reported from now on. */
  synchronized void deleted(ModelEntry entry) {
    unreported.merge(new Dropped(entry.key(), entry.timestamp(), entry.value()), 1, Integer::sum);
  }

  /** Fails if an entry was reported that nobody deleted, or more often than it was deleted. */
  synchronized void check() {
    for (Dropped report; (report = reports.pollFirst()) != null; ) {
      Integer count = unreported.get(report);
      if (count == null) {
        throw new AssertionError("Reported as dropped, but alive or reported before: " + report);
      }
      if (count == 1) {
        unreported.remove(report);
      } else {
        unreported.put(report, count - 1);
      }
    }
  }

  /**
   * Entries of the key were removed alone, and need not be reported any more if they were deleted.
   */
  synchronized void removed(Bytes key, TimeRange range) {
    removals.computeIfAbsent(key, each -> new ArrayList<>()).add(range);
  }

  /** Fails if a deleted entry was not reported. */
  synchronized void checkNothingLeft() {
    check();
    for (Dropped missing : unreported.keySet()) {
      boolean removed =
          removals.getOrDefault(missing.key, List.of()).stream()
              .anyMatch(range -> range.contains(missing.timestamp));
      if (!removed) {
        throw new AssertionError("Deleted, but not reported as dropped: " + missing);
      }
    }
  }

  private record Dropped(Bytes key, long timestamp, Bytes value) {}
}
