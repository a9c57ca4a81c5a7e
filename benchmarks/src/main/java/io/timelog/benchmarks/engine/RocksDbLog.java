package io.timelog.benchmarks.engine;

/**
 * What RocksDB does with its write-ahead log. One that it keeps is collected in memory and handed
 * over when something is committed; RocksDB may also hand it over before, so that after a crash
 * there may be more than was committed.
 */
public enum RocksDbLog {
  /** There is none, as in Kafka Streams: what was not flushed goes with the process. */
  OFF,
  /** A commit hands it to the operating system: it survives the process. */
  WRITTEN,
  /** A commit has it on the disk: it survives the machine. */
  SYNCED
}
