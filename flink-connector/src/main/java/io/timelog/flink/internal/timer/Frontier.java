package io.timelog.flink.internal.timer;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TimeRange;
import java.util.function.Consumer;

/**
 * How far the timers of a table have been read ahead: in the order of their time and, within a
 * moment, of their key group. It moves on by about {@value #BATCH_TIMERS} timers at a time.
 *
 * <p>How much time a step spans follows from how many timers the steps before found. A moment that
 * has many, as where the windows of all keys end together, is cut into key groups, and stepping
 * into the middle of it costs no more than looking at what is left.
 */
final class Frontier {
  /** A step ends at the first moment, or key group in it, behind so many timers. */
  static final int BATCH_TIMERS = 1024;

  private final Table table;
  private final int lastKeyGroup;

  /** What lies before this moment has been read. */
  private long time = Long.MIN_VALUE;

  /** What lies in this moment before this key group has been read, too. */
  private int keyGroup;

  private boolean atEnd;

  /** How much time, or how many key groups of a moment, the next step looks at. */
  private long span = 1;

  private int keyGroups = 1;

  /** Before all timers of a table. */
  Frontier(Table table, int lastKeyGroup) {
    this.table = table;
    this.lastKeyGroup = lastKeyGroup;
  }

  /** Whether timers at this place have been read. */
  boolean hasPassed(long timestamp, int group) {
    return atEnd || timestamp < time || (timestamp == time && group < keyGroup);
  }

  /** Whether all timers have been read. */
  boolean isAtEnd() {
    return atEnd;
  }

  /** The first moment of which not all has been read; of no meaning at the end. */
  long time() {
    return time;
  }

  /** Goes back to a moment, before which there must be no timer that is to be read again. */
  void restart(long moment) {
    moveTo(moment, 0);
    atEnd = false;
  }

  private void moveTo(long moment, int group) {
    time = moment;
    keyGroup = group;
  }

  /** Moves on over the next timers, if there are any near enough; not at the end. */
  void read(Consumer<Cursor> timers) {
    if (keyGroup == 0) {
      readMoments(timers);
    } else {
      readKeyGroups(timers);
    }
  }

  private void readMoments(Consumer<Cursor> timers) {
    long from = time;
    long last = from > Long.MAX_VALUE - span ? Long.MAX_VALUE : from + span;
    int found;
    try (Cursor rows = table.scanAll(TimeRange.closed(from, last))) {
      found = read(rows, timers);
    }
    if (found < 0) {
      span = Math.max(1, distance(from, time));
      return;
    }
    leave(last);
    if (found < BATCH_TIMERS / 2) {
      span = span > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : 2 * span;
    }
  }

  private void readKeyGroups(Consumer<Cursor> timers) {
    int last = Math.min(lastKeyGroup, keyGroup + keyGroups - 1);
    int found;
    try (Cursor rows = table.scanKeyGroups(keyGroup, last, TimeRange.at(time))) {
      found = read(rows, timers);
    }
    if (found < 0) {
      keyGroups = Math.max(1, keyGroups / 2);
      return;
    }
    if (last == lastKeyGroup) {
      leave(time);
    } else {
      moveTo(time, last + 1);
    }
    if (found < BATCH_TIMERS / 2) {
      keyGroups = Math.min(2 * keyGroups, lastKeyGroup + 1);
    }
  }

  /** Goes behind a moment. */
  private void leave(long moment) {
    if (moment == Long.MAX_VALUE) {
      atEnd = true;
    } else {
      moveTo(moment + 1, 0);
    }
  }

  private static long distance(long from, long to) {
    long distance = to - from;
    return distance < 0 ? Long.MAX_VALUE : distance;
  }

  /**
   * Reads timers until there are enough.
   *
   * @return how many there were; -1 if there are more, before the first of which the frontier is
   *     then
   */
  private int read(Cursor rows, Consumer<Cursor> timers) {
    int found = 0;
    long moment = time;
    int group = keyGroup;
    while (rows.advance()) {
      if (rows.timestamp() != moment || rows.keyGroup() != group) {
        moment = rows.timestamp();
        group = rows.keyGroup();
        if (found >= BATCH_TIMERS) {
          moveTo(moment, group);
          return -1;
        }
      }
      timers.accept(rows);
      found++;
    }
    return found;
  }
}
