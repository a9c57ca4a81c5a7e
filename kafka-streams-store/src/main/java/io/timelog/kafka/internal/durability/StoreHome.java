package io.timelog.kafka.internal.durability;

import io.timelog.TimelogStore;
import java.util.function.Supplier;

/**
 * Where the entries of a store are, and so what a commit does for them. For the thread that writes,
 * but for {@link #engine()} and {@link #close()}.
 */
public sealed interface StoreHome permits MemoryHome, DirectoryHome {
  /**
   * The entries, which may be opened only now. Any thread may call this.
   *
   * @throws org.apache.kafka.streams.errors.ProcessorStateException if they cannot be had; says
   *     what to do
   * @throws IllegalStateException if the home was closed before they were needed
   */
  TimelogStore engine();

  /** What was committed with the entries that there were at first. */
  StoreFacts found();

  /**
   * Says that entries, or what is true of them, are about to change.
   *
   * @param bytes of keys and values that are about to be written
   * @throws IllegalStateException if the home was closed, and has committed what there was
   */
  void beforeChange(long bytes);

  /**
   * Commits the entries.
   *
   * @param facts what is true of them now
   * @throws io.timelog.TimelogException if that is refused; the entries are as they were, and a
   *     later commit has them
   * @throws IllegalArgumentException if the facts are too long to be committed: 64 KiB
   * @throws org.apache.kafka.streams.errors.ProcessorStateException as {@link #engine()}
   */
  void commit(Supplier<StoreFacts> facts);

  /**
   * Closes the engine, if it was opened. Closing twice does nothing.
   *
   * @throws io.timelog.ConcurrentWriterException if a write is under way; the engine is open
   */
  void close();
}
