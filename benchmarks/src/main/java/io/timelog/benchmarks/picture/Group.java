package io.timelog.benchmarks.picture;

/** What a figure belongs to; each has a colour of its own. */
public enum Group {
  TIMELOG,
  ROCKSDB,
  /** What is written with the collections of the JDK. */
  HEAP
}
