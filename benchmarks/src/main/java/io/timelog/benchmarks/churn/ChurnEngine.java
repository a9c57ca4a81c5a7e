package io.timelog.benchmarks.churn;

import java.util.OptionalLong;

/**
 * One table of an engine. Keys are eight bytes, the first of which is the key group, below 128;
 * subkeys are eight bytes or none; timestamps are not negative. One thread uses an engine.
 *
 * <p>What a read returns is a sum over the entries that it found, which shows that each of them was
 * read, see {@link Sums}.
 */
interface ChurnEngine extends AutoCloseable {
  /** Adds an entry to a multimap. */
  void append(byte[] key, long timestamp, byte[] value);

  /** Puts an entry into a map. */
  void put(byte[] key, long timestamp, byte[] subkey, byte[] value);

  /** Removes an entry of a map. */
  void remove(byte[] key, long timestamp, byte[] subkey);

  /** Removes the entries of one key in {@code [start, end)}. */
  void removeRange(byte[] key, long start, long end);

  /** Removes the entries of all keys in {@code [start, end)}. */
  void deleteRange(long start, long end);

  /** Removes the entries of all keys below {@code cutoff}, which never decreases. */
  void deleteBefore(long cutoff);

  /** Reads one entry of a map; 0 if there is none. */
  long get(byte[] key, long timestamp, byte[] subkey);

  /** Reads the entries of one key in {@code [start, end)}, oldest first. */
  long scan(byte[] key, long start, long end);

  /** Reads all entries of the key groups {@code first} to {@code last}, both included. */
  long scanGroups(int first, int last);

  /** The smallest timestamp; -1 if there is no entry. */
  long minTimestamp();

  /** The largest timestamp; -1 if there is no entry. */
  long maxTimestamp();

  /** The table as it is now, whatever happens to it later. */
  View view();

  /** Moves what was written lately to where it stays. */
  void flush();

  /** Reads everything. */
  Contents contents();

  /** What the engine itself says it holds, in bytes of memory; empty if it keeps no account. */
  OptionalLong accountedBytes();

  /** Lets go of everything, files included. */
  @Override
  void close();

  /** A table at one moment. */
  interface View extends AutoCloseable {
    /** As {@link ChurnEngine#scan}. */
    long scan(byte[] key, long start, long end);

    @Override
    void close();
  }
}
