package io.timelog.flink.internal.table;

/**
 * Steps through the entries of one state as a canonical savepoint has them: by key group, then in
 * any order. Reads a cursor, so it must be closed; it belongs to one thread.
 */
public interface CanonicalEntries extends AutoCloseable {
  /** Moves to the next entry; false if there is none. */
  boolean advance();

  /** The key group of the entry. */
  int keyGroup();

  /** The composite key of the entry, followed by the key in the map if the state is one. */
  byte[] key();

  /** Length of the composite key alone. */
  int compositeKeyLength();

  /** The value of the entry. */
  byte[] value();

  /** Lets go of the cursor. Closing twice does nothing. */
  @Override
  void close();
}
