package io.timelog.flink.streams;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The records of a stream that were not late, in a list. */
final class PlainRows {
  private final String late;
  private final List<Row> rows = new ArrayList<>();
  private long mark = Long.MIN_VALUE;

  /**
   * No records as yet.
   *
   * @param late the name of the side output
   */
  PlainRows(String late) {
    this.late = late;
  }

  /** Whether the watermark has reached a record. */
  boolean isLate(Row row) {
    return row.time() <= mark;
  }

  /** Takes a record, or tells of it if it is late. */
  boolean add(Row row, List<String> results) {
    if (isLate(row)) {
      results.add(late + ": " + row + " at " + row.time());
      return false;
    }
    rows.add(row);
    return true;
  }

  /** Moves the watermark on. Returns the records that it has reached now, in the order of time. */
  List<Row> reached(long time) {
    long before = mark;
    mark = Math.max(mark, time);
    return rows.stream()
        .filter(row -> before < row.time() && row.time() <= mark)
        .sorted(Comparator.comparingLong(Row::time))
        .toList();
  }

  /** The records of a key in a range of time, both ends included, in the order of time. */
  Stream<Row> of(String key, long first, long last) {
    return rows.stream()
        .filter(row -> row.key().equals(key) && first <= row.time() && row.time() <= last)
        .sorted(Comparator.comparingLong(Row::time));
  }
}
