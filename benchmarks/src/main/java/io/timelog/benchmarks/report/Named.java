package io.timelog.benchmarks.report;

/** What commands and result files call by a name, see {@link Choices}. */
public interface Named {
  /** The name in commands and result files. */
  String id();
}
