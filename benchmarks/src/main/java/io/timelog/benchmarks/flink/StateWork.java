package io.timelog.benchmarks.flink;

/** What is done to one state, operation after operation; once for each subtask. */
@FunctionalInterface
interface StateWork {
  /** Does it to a subtask without state. */
  void run(Subtask subtask, StateCells cells) throws Exception;
}
