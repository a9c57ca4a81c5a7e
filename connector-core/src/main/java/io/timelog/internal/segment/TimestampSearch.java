package io.timelog.internal.segment;

import java.util.OptionalLong;

/**
 * Finds the oldest and the newest timestamp of a segment in a range. Looks at the bounds of every
 * page; loads only pages that reach over the end of the range from which it searches.
 */
final class TimestampSearch {
  private TimestampSearch() {}

  /** The oldest timestamp in {@code [first, last]}, of an entry or a tombstone. */
  static OptionalLong oldest(SegmentPages pages, long first, long last) {
    boolean found = false;
    long oldest = last;
    for (int number = 0; number < pages.count(); number++) {
      long min = pages.minTimestamp(number);
      if (min > oldest || pages.maxTimestamp(number) < first) {
        continue;
      }
      if (min >= first) {
        found = true;
        oldest = min;
        continue;
      }
      Page page = pages.page(number);
      for (int ordinal = 0; ordinal < page.keyCount(); ordinal++) {
        int end = page.endRow(ordinal);
        int row = page.lowerBound(page.firstRow(ordinal), end, first);
        if (row < end && page.timestamp(row) <= oldest) {
          found = true;
          oldest = page.timestamp(row);
        }
      }
    }
    return found ? OptionalLong.of(oldest) : OptionalLong.empty();
  }

  /** The newest timestamp in {@code [first, last]}, of an entry or a tombstone. */
  static OptionalLong newest(SegmentPages pages, long first, long last) {
    boolean found = false;
    long newest = first;
    for (int number = 0; number < pages.count(); number++) {
      long max = pages.maxTimestamp(number);
      if (max < newest || pages.minTimestamp(number) > last) {
        continue;
      }
      if (max <= last) {
        found = true;
        newest = max;
        continue;
      }
      Page page = pages.page(number);
      for (int ordinal = 0; ordinal < page.keyCount(); ordinal++) {
        int start = page.firstRow(ordinal);
        int row = page.upperBound(start, page.endRow(ordinal), last) - 1;
        if (row >= start && page.timestamp(row) >= newest) {
          found = true;
          newest = page.timestamp(row);
        }
      }
    }
    return found ? OptionalLong.of(newest) : OptionalLong.empty();
  }
}
