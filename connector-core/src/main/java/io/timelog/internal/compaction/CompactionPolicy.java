package io.timelog.internal.compaction;

import io.timelog.internal.row.Rule;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the partition windows whose segments are merged next. Pure functions of the view: no file
 * is opened, no lock taken.
 */
public final class CompactionPolicy {
  /*
   * In time-shaped state most windows are flushed at most once or twice before they die, so merging
   * early is work for nothing. A window is merged when reads have become slow, that is when it has
   * many level-0 segments, and when these together are worth rewriting the level-1 segment for: an
   * entry is then rewritten about log(bytes) times, not once per flush. A hard count bounds the
   * sources that a read of one window visits.
   */
  private static final int LEVEL_0_SEGMENTS = 4;
  private static final int MAX_LEVEL_0_SEGMENTS = 12;

  private CompactionPolicy() {}

  /** What background maintenance should merge, the window with most segments first. */
  public static List<PartitionWindow> due(TableView view) {
    List<PartitionWindow> due = new ArrayList<>();
    for (PartitionWindow window : view.windows()) {
      if (isDue(window)) {
        due.add(window);
      }
    }
    due.sort((left, right) -> Integer.compare(right.sources().size(), left.sources().size()));
    return due;
  }

  private static boolean isDue(PartitionWindow window) {
    int segments = 0;
    long level0Bytes = 0;
    long level1Bytes = 0;
    for (Source source : window.sources()) {
      switch (source.stage()) {
        case LEVEL_0 -> {
          segments++;
          level0Bytes += source.bytes();
        }
        case LEVEL_1 -> level1Bytes += source.bytes();
        case ACTIVE, SEALED -> {}
      }
    }
    return segments >= MAX_LEVEL_0_SEGMENTS
        || (segments >= LEVEL_0_SEGMENTS && level0Bytes * 2 >= level1Bytes);
  }

  /**
   * The level-0 sources, one behind the other, that are to be joined in a window which has too many
   * and may be too large to be merged as a whole: those whose merge costs the least for each source
   * that there is less. None of them is larger than all others together, so that a row is rewritten
   * about log(bytes) times.
   *
   * @param maxBytes what all of them take at most
   * @return empty if there are not too many, or none fit
   */
  public static List<Source> toJoin(PartitionWindow window, long maxBytes) {
    List<Source> sources = window.sources();
    long count = sources.stream().filter(CompactionPolicy::isLevel0).count();
    List<Source> best = List.of();
    double leastCost = Double.MAX_VALUE;
    for (int from = 0; count >= MAX_LEVEL_0_SEGMENTS && from < sources.size(); from++) {
      long bytes = 0;
      long largest = 0;
      for (int to = from; to < sources.size() && isLevel0(sources.get(to)); to++) {
        long more = sources.get(to).bytes();
        bytes += more;
        largest = Math.max(largest, more);
        if (bytes > maxBytes) {
          break;
        }
        double cost = bytes / (double) (to - from);
        if (to > from && 2 * largest <= bytes && cost < leastCost) {
          best = sources.subList(from, to + 1);
          leastCost = cost;
        }
      }
    }
    return best;
  }

  private static boolean isLevel0(Source source) {
    return source.stage() == Source.Stage.LEVEL_0;
  }

  /**
   * A window that would get smaller.
   *
   * @param count how many of its oldest sources are to be merged
   * @param leastBytes what a merge needs at least, if newer rows hide as many older ones as they
   *     can
   */
  public record Candidate(PartitionWindow window, int count, long leastBytes) {}

  /**
   * Every window that may get smaller if all its sources but the one that is written to are merged,
   * without what that one hides, in the order in which memory that is short is best used.
   *
   * @param floor no entry below is visible
   */
  public static List<Candidate> smallestFirst(TableView view, long floor, Rule rule) {
    List<Candidate> candidates = new ArrayList<>();
    for (PartitionWindow window : view.windows()) {
      if (mayShrink(window, view, floor, rule)) {
        long leastBytes = leastBytes(window, view, floor, rule);
        candidates.add(new Candidate(window, mergeable(window.sources()), leastBytes));
      }
    }
    candidates.sort(
        Comparator.comparingLong(Candidate::leastBytes)
            .thenComparingLong(candidate -> bytes(candidate.window())));
    return candidates;
  }

  private static boolean mayShrink(PartitionWindow window, TableView view, long floor, Rule rule) {
    int count = mergeable(window.sources());
    boolean shrinks = count > 1;
    for (int i = 0; i < count; i++) {
      Source source = window.sources().get(i);
      shrinks |=
          source.hasTombstones()
              || source.oldestBound() < floor
              || view.tombstones().touch(window.first(), window.last(), source.since());
    }
    Source active = window.active();
    return count > 0
        && (shrinks || (active != null && (rule == Rule.MAP || active.hasTombstones())));
  }

  private static long leastBytes(PartitionWindow window, TableView view, long floor, Rule rule) {
    List<Source> sources = window.sources();
    long bytes = 0;
    long hidden = 0;
    boolean tombstones = false;
    int merged = mergeable(sources);
    for (int i = sources.size() - 1; i >= 0; i--) {
      Source source = sources.get(i);
      long rows = source.rowCount();
      boolean mayAllBeGone =
          tombstones
              || source.oldestBound() < floor
              || view.tombstones().touch(window.first(), window.last(), source.since());
      if (i < merged && !mayAllBeGone && rows > 0) {
        double visible = Math.max(0, source.entryCount() - hidden) / (double) rows;
        bytes += (long) (source.bytesAlive() * visible);
      }
      hidden += rule == Rule.MAP ? rows : 0;
      // One tombstone may hide a range of any number of rows.
      tombstones |= source.hasTombstones();
    }
    return bytes;
  }

  private static long bytes(PartitionWindow window) {
    return window.sources().stream().mapToLong(Source::bytes).sum();
  }

  private static int mergeable(List<Source> sources) {
    int count = 0;
    while (count < sources.size() && sources.get(count).stage() != Source.Stage.ACTIVE) {
      count++;
    }
    return count;
  }

  /** Every window that has segments: what an explicit compaction rewrites to filter entries. */
  public static List<PartitionWindow> withSegments(TableView view) {
    return view.windows().stream()
        .filter(window -> window.sources().stream().anyMatch(Source::isFlushed))
        .toList();
  }

  /**
   * What an explicit compaction merges: every window that would get smaller by it.
   *
   * @param floor no entry below is visible
   */
  public static List<PartitionWindow> all(TableView view, long floor) {
    List<PartitionWindow> chosen = new ArrayList<>();
    for (PartitionWindow window : view.windows()) {
      int segments = 0;
      boolean shrinks = false;
      for (Source source : window.sources()) {
        if (source.isFlushed()) {
          segments++;
          shrinks |=
              source.hasTombstones()
                  || source.oldestBound() < floor
                  || view.tombstones().touch(window.first(), window.last(), source.since());
        }
      }
      if (segments > 1 || shrinks) {
        chosen.add(window);
      }
    }
    return chosen;
  }
}
