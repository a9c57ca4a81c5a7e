package io.timelog.kafka.internal.durability;

import io.timelog.TimelogStore;
import java.util.function.Supplier;

/**
 * Where the entries of a store are, and so what a commit does for them. For the thread that writes,
 * but for {@link #engine()} and {@link #close()}.
 */
public sealed interface StoreHome permits MemoryHome, DirectoryHome {
  /** The entries. */
  TimelogStore engine();

  /** What was committed with the entries that were there when the home was opened. */
  StoreFacts found();

  /**
   * Says that entries, or what is true of them, are about to change.
   *
   * @param bytes of keys and values that are about to be written
   */
  void beforeChange(long bytes);

  /**
   * Commits the entries.
   *
   * @param facts what is true of them now
   * @throws io.timelog.TimelogException if that is refused; the entries are as they were, and a
   *     later commit has them
   * @throws IllegalArgumentException if the facts are too long to be committed: 64 KiB
   */
  void commit(Supplier<StoreFacts> facts);

  /**
   * Closes the engine. Closing twice does nothing.
   *
   * @throws io.timelog.ConcurrentWriterException if a write is under way; the engine is open
   */
  void close();
}
