package io.timelog.internal.segment;

import io.timelog.internal.row.WindowIndex;
import java.util.Objects;

/**
 * Settings of one segment, given to its writer.
 *
 * @param table name of the table, any string
 * @param targetPageBytes length of a page in bytes, exceeded only by a single row that is longer;
 *     from {@link #MIN_TARGET_PAGE_BYTES} to {@link #MAX_TARGET_PAGE_BYTES}
 * @param windowFirst first timestamp of the partition window
 * @param windowLast last timestamp of the partition window, included
 * @param appliedVersion deletes up to this version have been applied to the rows
 * @param index what rows are found by
 */
public record SegmentOptions(
    String table,
    int targetPageBytes,
    long windowFirst,
    long windowLast,
    long appliedVersion,
    WindowIndex index) {
  /** The smallest target length of a page. */
  public static final int MIN_TARGET_PAGE_BYTES = 128;

  /** The default target length of a page: 64 KiB. */
  public static final int DEFAULT_TARGET_PAGE_BYTES = 64 << 10;

  /** The largest target length of a page: 16 MiB. */
  public static final int MAX_TARGET_PAGE_BYTES = 16 << 20;

  private static final int MAX_TABLE_LENGTH = 1 << 16;

  /** Checks every value. */
  public SegmentOptions {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(index, "index");
    if (table.length() > MAX_TABLE_LENGTH) {
      throw new IllegalArgumentException(
          "The name of a table is too long: length="
              + table.length()
              + ", max="
              + MAX_TABLE_LENGTH);
    }
    if (targetPageBytes < MIN_TARGET_PAGE_BYTES || targetPageBytes > MAX_TARGET_PAGE_BYTES) {
      throw new IllegalArgumentException(
          "The target length of a page is out of bounds: targetPageBytes="
              + targetPageBytes
              + ", min="
              + MIN_TARGET_PAGE_BYTES
              + ", max="
              + MAX_TARGET_PAGE_BYTES);
    }
    if (windowFirst > windowLast) {
      throw new IllegalArgumentException(
          "A partition window must not be empty: windowFirst="
              + windowFirst
              + ", windowLast="
              + windowLast);
    }
  }

  /**
   * For rows of {@code table} from {@code windowFirst} to {@code windowLast}, both included, with
   * pages of the default length, applied version 0, and found by key.
   */
  public static SegmentOptions of(String table, long windowFirst, long windowLast) {
    return new SegmentOptions(
        table, DEFAULT_TARGET_PAGE_BYTES, windowFirst, windowLast, 0, WindowIndex.KEY);
  }

  /** With another target length of a page. */
  public SegmentOptions withTargetPageBytes(int bytes) {
    return new SegmentOptions(table, bytes, windowFirst, windowLast, appliedVersion, index);
  }

  /** With another applied version. */
  public SegmentOptions withAppliedVersion(long version) {
    return new SegmentOptions(table, targetPageBytes, windowFirst, windowLast, version, index);
  }

  /** With another index. */
  public SegmentOptions withIndex(WindowIndex other) {
    return new SegmentOptions(
        table, targetPageBytes, windowFirst, windowLast, appliedVersion, other);
  }
}
