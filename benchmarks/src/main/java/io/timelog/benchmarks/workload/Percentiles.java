package io.timelog.benchmarks.workload;

import org.HdrHistogram.Histogram;

/**
 * Wall-clock latencies in nanoseconds.
 *
 * @param samples how many operations were timed one by one
 * @param p50 half of them took at most this long; the others likewise
 */
public record Percentiles(long samples, long p50, long p99, long p999, long max) {
  /** Those of a histogram of nanoseconds; zeros if it is empty. */
  public static Percentiles of(Histogram histogram) {
    return new Percentiles(
        histogram.getTotalCount(),
        histogram.getValueAtPercentile(50),
        histogram.getValueAtPercentile(99),
        histogram.getValueAtPercentile(99.9),
        histogram.getMaxValue());
  }
}
