package io.timelog;

/**
 * What an {@link EntryIterator} makes its entries from: a scan that is stepped through. Knows
 * nothing of the iterator.
 */
interface EntrySource<E> {
  /** Moves to the next entry; false when there is none, and then the source is closed. */
  boolean advance();

  /** The current entry as an object. */
  E entry();

  boolean isClosed();

  void close();
}
