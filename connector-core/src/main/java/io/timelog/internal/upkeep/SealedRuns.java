package io.timelog.internal.upkeep;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The sealed runs of a store that wait for a flush, oldest first. Thread-safe. */
public final class SealedRuns {
  private final ArrayDeque<SealedRun> waiting = new ArrayDeque<>();
  private volatile int count;

  /** None. */
  public SealedRuns() {}

  /** Adds a run behind the others; does nothing if it has no parts. */
  public synchronized void add(SealedRun run) {
    if (!run.parts().isEmpty()) {
      waiting.addLast(run);
      count = waiting.size();
    }
  }

  /** How many wait. */
  public int count() {
    return count;
  }

  /** The oldest; null if there is none. */
  synchronized @Nullable SealedRun oldest() {
    return waiting.peekFirst();
  }

  /** Removes the oldest, which was flushed. */
  synchronized void removeOldest() {
    waiting.pollFirst();
    count = waiting.size();
  }

  /** Forgets all runs. */
  public synchronized void clear() {
    waiting.clear();
    count = 0;
  }
}
