package io.timelog.internal.segment;

import io.timelog.internal.cache.Hold;
import io.timelog.internal.row.Direction;
import java.util.OptionalLong;

/**
 * Finds the first timestamp of a segment in a range by the bounds of its pages. Only pages that the
 * range cuts, and that may hold a timestamp before the best one so far, are loaded.
 */
final class PageBounds {
  private final SegmentPages pages;
  private final long first;
  private final long last;
  private final Direction direction;
  private boolean found;
  private long best;

  private PageBounds(SegmentPages pages, long first, long last, Direction direction) {
    this.pages = pages;
    this.first = first;
    this.last = last;
    this.direction = direction;
  }

  /** The oldest timestamp of any row in the closed range, or the newest one; empty if none. */
  static OptionalLong first(SegmentPages pages, long first, long last, Direction direction) {
    PageBounds bounds = new PageBounds(pages, first, last, direction);
    bounds.search();
    return bounds.found ? OptionalLong.of(bounds.best) : OptionalLong.empty();
  }

  private void search() {
    for (int number = 0; number < pages.count(); number++) {
      searchPage(number);
    }
  }

  private void searchPage(int number) {
    long oldest = pages.minTimestamp(number);
    long newest = pages.maxTimestamp(number);
    if (oldest > last || newest < first) {
      return;
    }
    long edge = direction == Direction.FORWARD ? oldest : newest;
    if (isInRange(edge)) {
      improve(edge);
      return;
    }
    Hold hold = pages.newHold();
    try {
      searchRows(pages.page(number, hold));
    } finally {
      hold.letGo();
    }
  }

  private void searchRows(Page page) {
    for (int key = 0; key < page.keyCount(); key++) {
      int from = page.firstRow(key);
      int to = page.endRow(key);
      int row =
          direction == Direction.FORWARD
              ? page.lowerBound(from, to, first)
              : page.upperBound(from, to, last) - 1;
      if (row >= from && row < to && isInRange(page.timestamp(row))) {
        improve(page.timestamp(row));
      }
    }
  }

  private boolean isInRange(long timestamp) {
    return first <= timestamp && timestamp <= last;
  }

  private void improve(long timestamp) {
    if (!found || direction.step() * Long.compare(timestamp, best) < 0) {
      found = true;
      best = timestamp;
    }
  }
}
