package io.timelog.benchmarks.churn;

import java.util.List;

/**
 * What one child JVM does.
 *
 * @param patterns one after the other
 * @param percent of their sizes by default
 * @param weighed whether the memory that is held is of interest, which takes seconds each time
 */
public record ChurnInput(List<ChurnPattern> patterns, int percent, boolean weighed) {
  public ChurnInput {
    patterns = List.copyOf(patterns);
  }
}
