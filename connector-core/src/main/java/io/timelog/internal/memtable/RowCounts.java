package io.timelog.internal.memtable;

/** How many rows a window has, and where the one that came last was written. For the writer. */
final class RowCounts {
  private int rows;
  private int tombstones;
  private int offsetWritten;

  /** Rows written minus rows removed or replaced, tombstones included. */
  int rows() {
    return rows;
  }

  /** Those of the rows that are tombstones. */
  int tombstones() {
    return tombstones;
  }

  /** About where in its chunk the row was written that came last, counted from the first row. */
  int offsetWritten() {
    return offsetWritten;
  }

  /** A row was added at an offset in its chunk. */
  void add(PendingRow row, int offset) {
    rows++;
    tombstones += row.isTombstone() ? 1 : 0;
    offsetWritten = offset;
  }

  /** Rows were added that are not tombstones. */
  void addRows(int added) {
    rows += added;
  }

  /** Rows were added, some of them tombstones. */
  void addRows(int added, int addedTombstones) {
    rows += added;
    tombstones += addedTombstones;
  }

  /** The inline row of a node was copied. */
  void addInline(boolean tombstone) {
    rows++;
    tombstones += tombstone ? 1 : 0;
    offsetWritten = 0;
  }

  /** A row took the place of another one. */
  void replace(boolean wasTombstone, PendingRow row) {
    tombstones += (row.isTombstone() ? 1 : 0) - (wasTombstone ? 1 : 0);
  }

  /** Rows were removed. */
  void remove(int removed, int removedTombstones) {
    rows -= removed;
    tombstones -= removedTombstones;
  }
}
