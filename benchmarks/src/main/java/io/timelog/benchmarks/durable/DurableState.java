package io.timelog.benchmarks.durable;

import io.timelog.benchmarks.engine.Checksum;
import io.timelog.benchmarks.engine.EntrySink;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Entries by key and time in one store or several, each of which has the keys that fall to it, as
 * the tasks of Kafka Streams have. All are written by one thread and committed together. For one
 * thread.
 */
public interface DurableState extends EntrySink, AutoCloseable {
  /**
   * Reads the entries of {@code key} in {@code [start, end)}, oldest first.
   *
   * @return the sum of {@link Checksum#term} over them
   */
  long scan(byte[] key, long start, long end);

  /** The number of entries that all scans so far have read. */
  long scannedEntries();

  /** Forgets entries with a timestamp below {@code cutoff}; which never decreases. */
  void evictBefore(long cutoff);

  /**
   * Commits what was written so far, together with how much that is.
   *
   * @param position what every store is to remember
   */
  void commit(long position);

  /**
   * Writes all that there is now into a directory that is there and empty.
   *
   * @throws IOException if a file cannot be written
   */
  void exportTo(Path target) throws IOException;

  /** Closes the stores; what was committed stays in their files. */
  @Override
  void close();
}
