package io.timelog.internal.memtable;

import io.timelog.Span;

/**
 * Rows of one timestamp that are written together. What a method returns is good until the method
 * is called again, and the same each time that it is asked for. Not thread-safe.
 */
public interface RowBatch {
  /** In the place of a length: values may have different ones. */
  int UNLIKE = -1;

  /** The timestamp of all rows. */
  long timestamp();

  /** Number of rows. */
  int size();

  /** The length of every value; {@link #UNLIKE} if they differ or that is not known. */
  int valueLength();

  /**
   * All values, one after the other in the order of their numbers. Only of rows without subkeys.
   */
  Span values();

  /** The subkey of a row by its number, from 0; empty in a multimap. */
  Span subkey(int number);

  /** The value of a row by its number, from 0. */
  Span value(int number);
}
