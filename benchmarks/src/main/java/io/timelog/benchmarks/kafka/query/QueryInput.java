package io.timelog.benchmarks.kafka.query;

import java.util.List;

/**
 * What is to be weighed in one child JVM.
 *
 * @param entries of each store
 * @param readers threads that query; half of them ask for one row, half for many
 * @param passes how often each situation comes
 * @param stretchMillis about how much CPU time the puts of an undisturbed stretch take
 * @param stores what the stores know of transactions, in the order in which they are opened
 */
public record QueryInput(
    int entries, int readers, int passes, int stretchMillis, List<Transactions> stores) {
  /** The fewest entries that windows and ranges are found in. */
  public static final int LEAST_ENTRIES = 2_000;

  public QueryInput {
    stores = List.copyOf(stores);
    if (entries < LEAST_ENTRIES) {
      throw new IllegalArgumentException(
          "Too few entries: entries=" + entries + ", at least " + LEAST_ENTRIES);
    }
  }

  /** The same work on stores so small that it can be done before what counts. */
  QueryInput rehearsal() {
    return new QueryInput(
        Math.max(LEAST_ENTRIES, entries / 20), readers, 1, Math.min(stretchMillis, 20), stores);
  }
}
