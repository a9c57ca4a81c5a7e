package io.timelog.benchmarks.workload;

import io.timelog.benchmarks.engine.EntrySource;

/** Events in the order of their arrival, by number. Every call makes new arrays. */
public interface Events extends EntrySource {
  /** The key of event {@code number}, eight bytes. */
  byte[] key(long number);

  /** The timestamp of event {@code number}. */
  long timestamp(long number);

  /** The value of event {@code number}. */
  byte[] value(long number);
}
