package io.timelog.internal.engine;

import io.timelog.internal.view.TableView;
import java.util.Arrays;

/**
 * The windows around a timestamp that belong to the same stretch of time: what lies much further
 * away than windows usually do from one another, such as an entry in microseconds among
 * milliseconds, is left out.
 *
 * @param first where the first window begins, or the timestamp
 * @param last where the last window ends, or the timestamp
 * @param windows how many there are
 * @param widest ticks of the widest of them; 0 if there are none
 */
record Neighbourhood(long first, long last, int windows, long widest) {
  /*
   * Measured are distances from the start of one window to the start of the next, the timestamp being one
   * of these starts. A distance of many times the median ends the stretch. A table whose entries come in
   * bursts has such distances, too; the more windows it has, the larger a distance must be, so that
   * bursts become one stretch before windows become too many.
   */
  private static final long FAR = 1_024;
  private static final int MANY_WINDOWS = 32;

  static Neighbourhood of(long timestamp, TableView view) {
    int count = view.windowCount();
    int place = view.firstWindowNotBefore(timestamp);
    if (count == 0) {
      return new Neighbourhood(timestamp, timestamp, 0, 0);
    }
    long far = far(timestamp, place, view);
    int from = place;
    long start = timestamp;
    while (from > 0 && distance(view.window(from - 1).first(), start) <= far) {
      from--;
      start = view.window(from).first();
    }
    int to = place;
    long end = timestamp;
    while (to < count && distance(end, view.window(to).first()) <= far) {
      end = view.window(to).first();
      to++;
    }
    return between(timestamp, from, to, view);
  }

  private static Neighbourhood between(long timestamp, int from, int to, TableView view) {
    long widest = 0;
    for (int i = from; i < to; i++) {
      widest = Math.max(widest, distance(view.window(i).first(), view.window(i).last()));
    }
    return new Neighbourhood(
        from == to ? timestamp : Math.min(timestamp, view.window(from).first()),
        from == to ? timestamp : Math.max(timestamp, view.window(to - 1).last()),
        to - from,
        widest);
  }

  /** From which distance on a window does not belong to the others. */
  private static long far(long timestamp, int place, TableView view) {
    int count = view.windowCount();
    long[] distances = new long[count];
    for (int i = 0; i < count; i++) {
      long start = view.window(i).first();
      long next = i + 1 < count ? view.window(i + 1).first() : Long.MAX_VALUE;
      if (i < place) {
        distances[i] = distance(start, i + 1 == place ? timestamp : next);
      } else {
        distances[i] = distance(i == place ? timestamp : view.window(i - 1).first(), start);
      }
    }
    Arrays.sort(distances);
    long median = Math.max(1, distances[(count - 1) / 2]);
    long crowd = Math.max(1, (long) count * count / (MANY_WINDOWS * MANY_WINDOWS));
    return median > Long.MAX_VALUE / FAR / crowd ? Long.MAX_VALUE : median * FAR * crowd;
  }

  private static long distance(long from, long to) {
    long ticks = to - from;
    return from <= to && ticks < 0 ? Long.MAX_VALUE : ticks;
  }

  /** Ticks from the first to the last. */
  long span() {
    return distance(first, last);
  }

  /** Ticks from the floor to the last, if the floor lies in between; else {@link #span()}. */
  long spanFrom(long floor) {
    return distance(floor > first && floor <= last ? floor : first, last);
  }
}
