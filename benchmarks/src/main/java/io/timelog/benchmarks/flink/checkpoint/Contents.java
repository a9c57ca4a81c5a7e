package io.timelog.benchmarks.flink.checkpoint;

/** Some state of a subtask. What it has follows from how often it was changed alone. */
interface Contents {
  /** Writes all entries. */
  void fill() throws Exception;

  /**
   * Changes a tenth of them.
   *
   * @param step how often that was done, this time included
   */
  void change(int step) throws Exception;

  /**
   * A checksum of all entries that the subtask has.
   *
   * @param steps how often they were changed
   */
  long read(int steps) throws Exception;
}
