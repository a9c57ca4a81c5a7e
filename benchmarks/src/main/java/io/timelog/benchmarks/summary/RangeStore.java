package io.timelog.benchmarks.summary;

import io.timelog.summary.LongSummary;

/** The numbers of one key by time. */
interface RangeStore extends AutoCloseable {
  /** Adds a number; no two have the same timestamp. */
  void append(long timestamp, long number);

  /** Deletes the numbers before a timestamp. */
  void deleteBefore(long cutoff);

  /** Count, sum, smallest and largest in {@code [start, end)}. */
  LongSummary aggregate(long start, long end);

  /** Bytes of memory for all of it; -1 if nobody knows. */
  long bytes();

  @Override
  void close();
}
