package io.timelog;

/**
 * All tables of a store at one moment. A snapshot never changes. It costs the number of live
 * partition windows to open, not the number of entries, and pins memory until it is closed. Any
 * number of threads may read one snapshot.
 */
public interface Snapshot extends AutoCloseable {
  /**
   * The table of this name at the moment of the snapshot.
   *
   * @throws IllegalArgumentException if the store has no such table
   * @throws IllegalStateException if the snapshot is closed
   */
  TableReader table(String name);

  /** Lets go of the memory. Closing twice does nothing; cursors opened before stay readable. */
  @Override
  void close();
}
