package io.timelog.flink.internal.map;

import io.timelog.EntryBatch;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Rows that an iterator has read, which the entries that it hands out share with it, and which of
 * them it has removed from the map since.
 */
final class ReadRows {
  /*
   * Many iterators look at the first entries only. Those that go on read more and more at once, as
   * finding the place again costs more the more entries there are.
   */
  private static final int FIRST_ROWS = 128;
  private static final int GROWTH = 8;
  private static final int MAX_ROWS = 8_192;
  private static final int MAX_BYTES = 128 << 10;

  private final EntryBatch rows;
  private final int maxRows;
  private @Nullable BitSet removed;

  private ReadRows(EntryBatch rows, int maxRows) {
    this.rows = rows;
    this.maxRows = maxRows;
  }

  /** For the first rows. */
  static ReadRows first() {
    return new ReadRows(new EntryBatch(FIRST_ROWS, MAX_BYTES), FIRST_ROWS);
  }

  /** For rows that come behind these. */
  ReadRows next() {
    int more = Math.min(GROWTH * maxRows, MAX_ROWS);
    return new ReadRows(new EntryBatch(more, MAX_BYTES), more);
  }

  /** For any number of rows, behind these. */
  ReadRows nextWhole() {
    return new ReadRows(new EntryBatch(), maxRows);
  }

  /** The rows. */
  EntryBatch rows() {
    return rows;
  }

  /** Whether a read of one row after the other should stop here. */
  boolean isFull() {
    return rows.size() >= maxRows || rows.payloadBytes() >= MAX_BYTES;
  }

  /** Notes that what a row belongs to has been removed. */
  void remove(int row) {
    BitSet all = removed;
    if (all == null) {
      all = new BitSet();
      removed = all;
    }
    all.set(row);
  }

  /** Whether that was noted. */
  boolean isRemoved(int row) {
    BitSet all = removed;
    return all != null && all.get(row);
  }
}
