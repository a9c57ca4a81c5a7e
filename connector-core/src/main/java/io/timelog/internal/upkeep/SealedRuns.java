package io.timelog.internal.upkeep;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The sealed runs of a store that wait for a flush, oldest first, and what the largest of their
 * windows needs for it. Thread-safe.
 */
public final class SealedRuns {
  private final ArrayDeque<SealedRun> waiting = new ArrayDeque<>();
  private final LongConsumer largest;
  private volatile int count;

  /**
   * None.
   *
   * @param largest is told, whenever runs come or go, about how many bytes a segment of the largest
   *     window of them takes: windows are flushed one after the other, and free what they had
   */
  public SealedRuns(LongConsumer largest) {
    this.largest = largest;
  }

  private void changed() {
    long bytes = 0;
    for (SealedRun run : waiting) {
      for (SealedRun.Part part : run.parts()) {
        bytes = Math.max(bytes, part.source().bytesInSegments());
      }
    }
    largest.accept(bytes);
    count = waiting.size();
  }

  /** Adds a run behind the others; does nothing if it has no parts. */
  public synchronized void add(SealedRun run) {
    if (!run.parts().isEmpty()) {
      waiting.addLast(run);
      changed();
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
    changed();
  }

  /** All parts of all runs, those of the oldest first. */
  synchronized List<SealedRun.Part> parts() {
    List<SealedRun.Part> parts = new ArrayList<>();
    waiting.forEach(run -> parts.addAll(run.parts()));
    return parts;
  }

  /** Removes a part that was flushed alone; whether that ended a run. */
  synchronized boolean remove(SealedRun.Part flushed) {
    int runs = waiting.size();
    for (int i = 0; i < runs; i++) {
      SealedRun run = waiting.removeFirst();
      SealedRun rest = run.parts().contains(flushed) ? run.without(flushed) : run;
      if (!rest.parts().isEmpty()) {
        waiting.addLast(rest);
      }
    }
    changed();
    return count < runs;
  }

  /** Removes parts that were flushed, from whichever runs they wait in. */
  synchronized void removeAll(Collection<SealedRun.Part> flushed) {
    Set<SealedRun.Part> gone = new HashSet<>(flushed);
    int runs = waiting.size();
    for (int i = 0; i < runs; i++) {
      SealedRun run = waiting.removeFirst();
      List<SealedRun.Part> rest =
          run.parts().stream().filter(part -> !gone.contains(part)).toList();
      if (!rest.isEmpty()) {
        waiting.addLast(new SealedRun(rest));
      }
    }
    changed();
  }

  /** Forgets all runs. */
  public synchronized void clear() {
    waiting.clear();
    changed();
  }
}
