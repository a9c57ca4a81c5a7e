package io.timelog.benchmarks.engine;

import java.util.OptionalLong;

/**
 * The least that event-time state needs: append under a key, read a time range of a key, forget
 * what is too old. One thread uses an engine. Keys are eight bytes, values all have the length
 * given in {@link EngineSettings}; entries of a key with equal timestamps are kept in the order of
 * arrival.
 */
public interface KeyedEngine extends EntrySink, AutoCloseable {
  /**
   * Reads the entries of {@code key} in {@code [start, end)}, oldest first.
   *
   * @return the sum of {@link Checksum#term} over them, which shows that the timestamp and the
   *     value of every one was read, in the right order
   */
  long scan(byte[] key, long start, long end);

  /** The number of entries that all scans so far have read. */
  long scannedEntries();

  /**
   * Tells, outside of the measured time, which entries the next {@link #evictBefore} will remove.
   * For engines whose original learns it from elsewhere, from timers for instance.
   *
   * @param cutoff of the eviction that follows
   * @param entries everything appended so far
   */
  default void prepareEviction(long cutoff, EntrySource entries) {}

  /** Forgets all entries with a timestamp below {@code cutoff}. Cutoffs never decrease. */
  void evictBefore(long cutoff);

  /** What the engine itself says it holds, in bytes of memory; empty if it keeps no account. */
  OptionalLong accountedBytes();

  /** Lets go of everything, files included. */
  @Override
  void close();
}
