package io.timelog.internal.medium;

import io.timelog.internal.cache.CacheFigures;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.storage.SegmentStorage;
import java.util.UUID;

/**
 * What one store is kept on, and what of it outlives the process. Chosen when the store is opened,
 * and used by that store alone. Thread-safe.
 */
public sealed interface StoreMedium extends AutoCloseable permits MemoryMedium, DirectoryMedium {
  /** Tells the store from all others. */
  UUID store();

  /**
   * Makes the place that the segments of the store are kept in, which the store closes. Called
   * once.
   *
   * @param memory pays for what is kept in memory
   */
  SegmentStorage openStorage(MemoryAccount memory);

  /**
   * The length of the files of segments, in bytes, of which nothing is in the store any more and
   * which the last commit still needs.
   */
  long retainedBytes();

  /** How many bytes of segments were moved into files because memory was short. */
  long spilledBytes();

  /** The cache that segments in files are read through, of all stores of its budget. */
  CacheFigures cache();

  /** Lets go of everything, when the storage is closed. Closing twice does nothing. */
  @Override
  void close();
}
