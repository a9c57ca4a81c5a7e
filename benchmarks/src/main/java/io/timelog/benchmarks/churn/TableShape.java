package io.timelog.benchmarks.churn;

/**
 * The table that a pattern asks for.
 *
 * @param map whether it is a map; else it is a multimap
 * @param windowSize in ticks, for engines that cut time into windows; 0 leaves it to them
 * @param budgetBytes of memory, for engines that have a bound; 0 leaves it to them
 */
record TableShape(boolean map, long windowSize, long budgetBytes) {
  static TableShape ofMap() {
    return new TableShape(true, 0, 0);
  }

  static TableShape ofMultimap() {
    return new TableShape(false, 0, 0);
  }

  TableShape inWindowsOf(long ticks) {
    return new TableShape(map, ticks, budgetBytes);
  }

  TableShape within(long bytes) {
    return new TableShape(map, windowSize, bytes);
  }
}
