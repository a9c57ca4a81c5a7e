package io.timelog.internal.upkeep;

import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Chooses whose segments leave memory first. Looks at views only, and changes nothing. */
final class SpillPolicy {
  /*
   * Windows die in the order of time. One that is written into a file and dies soon was written for
   * nothing; the one that dies last will probably have to be written anyway. So those that live longest
   * go first, although they are the newest, and what is old dies in memory. What is read now comes
   * later: it would be read from the file again and again. Windows that still take writes come last: they
   * get more segments, and are merged with what they have.
   *
   * Tables of one store may count time in different units. Then a window of the one with the smaller unit
   * leaves sooner than it had to.
   */
  private SpillPolicy() {}

  /**
   * A window with segments in memory.
   *
   * @param life from the floor to the end of the window: the longer, the later it dies; unsigned
   * @param isRead whether it was read lately
   * @param bytes how many bytes leave memory with it
   */
  record Candidate(PartitionWindow window, long life, boolean isRead, long bytes) {
    /** Also of windows of different tables. */
    static final Comparator<Candidate> FIRST_TO_LEAVE =
        Comparator.comparing(Candidate::takesWrites)
            .thenComparing(Candidate::isRead)
            .thenComparing(Candidate::life, (left, right) -> Long.compareUnsigned(right, left));

    boolean takesWrites() {
      return window.active() != null;
    }
  }

  /** The windows of a view that have segments in memory, those first that are to leave first. */
  static List<Candidate> candidates(TableView view, long floor) {
    List<Candidate> candidates = new ArrayList<>();
    for (PartitionWindow window : view.windows()) {
      long bytes = 0;
      boolean isRead = false;
      for (Source source : window.sources()) {
        bytes += bytesInMemory(source);
        isRead |= source.isWarm();
      }
      if (bytes > 0) {
        long from = Math.min(Math.max(floor, view.window(0).first()), window.last());
        candidates.add(new Candidate(window, window.last() - from, isRead, bytes));
      }
    }
    candidates.sort(Candidate.FIRST_TO_LEAVE);
    return candidates;
  }

  private static long bytesInMemory(Source source) {
    return source.isFlushed() && source.isResident() ? source.bytes() : 0;
  }
}
