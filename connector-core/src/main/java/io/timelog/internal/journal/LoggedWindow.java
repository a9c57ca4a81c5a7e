package io.timelog.internal.journal;

/**
 * A memtable window as the log names it.
 *
 * @param table the number of the table
 * @param serial which memtable window of the store this is; a later one has a larger serial
 * @param base the version from which on its rows were written: deletes over all keys that are older
 *     do not concern it
 * @param first the first timestamp of the partition window
 * @param last the last timestamp of the partition window, included
 */
public record LoggedWindow(int table, long serial, long base, long first, long last) {
  /** Checks the bounds. */
  public LoggedWindow {
    if (first > last) {
      throw new IllegalArgumentException(
          "A window must not be empty: first=" + first + ", last=" + last);
    }
  }
}
