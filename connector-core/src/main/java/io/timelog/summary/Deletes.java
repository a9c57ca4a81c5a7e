package io.timelog.summary;

import io.timelog.TimeRange;
import java.util.ArrayList;
import java.util.List;

/**
 * The deletes over all keys there were, by number: a summary that is older than one of them, and of
 * a block that it touches, has no meaning any more. Immutable.
 *
 * @param count how many there were
 * @param known those that count, the oldest first
 */
record Deletes(long count, List<Delete> known) {
  static final Deletes NONE = new Deletes(0, List.of());

  /** So many are kept apart; more are taken for one that covers them all. */
  private static final int MOST = 64;

  /** A delete; summaries that know of fewer than {@code number} are older. */
  private record Delete(long number, TimeRange range) {}

  /** With one more. Deletes that it covers do not count any more. */
  Deletes with(TimeRange range) {
    long number = count + 1;
    List<Delete> counting = new ArrayList<>();
    TimeRange hull = range;
    for (Delete delete : known) {
      if (!range.intersect(delete.range).equals(delete.range)) {
        counting.add(delete);
        hull =
            TimeRange.closed(
                Math.min(hull.first(), delete.range.first()),
                Math.max(hull.last(), delete.range.last()));
      }
    }
    return counting.size() < MOST
        ? new Deletes(number, withLast(counting, new Delete(number, range)))
        : new Deletes(number, List.of(new Delete(number, hull)));
  }

  private static List<Delete> withLast(List<Delete> deletes, Delete last) {
    deletes.add(last);
    return List.copyOf(deletes);
  }

  /**
   * Whether a delete touched a block after it was summarized.
   *
   * @param since how many deletes there had been by then
   */
  boolean touched(Block block, long since) {
    if (since == count) {
      return false;
    }
    for (Delete delete : known) {
      if (delete.number > since
          && delete.range.first() <= block.last()
          && block.first() <= delete.range.last()) {
        return true;
      }
    }
    return false;
  }
}
