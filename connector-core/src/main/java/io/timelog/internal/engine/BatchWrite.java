package io.timelog.internal.engine;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.TimelogInternalException;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memory.Purpose;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.memtable.PendingRows;

/**
 * Appends many entries of one key, all or none. Readers get in between pieces of the batch and see
 * those that are written by then. For the writer of the store.
 */
public final class BatchWrite {
  /*
   * Which windows the batch will make is decided before the first entry is written, and the memory for
   * these and for the rows is set aside, by an estimate that no order of timestamps exceeds. What open
   * readers make the memtable copy comes on top, and is made good by relief between two pieces and by the
   * reserve. Windows that are sealed between two pieces begin anew, so they are only if memory is set aside
   * for that, too.
   */
  private static final int ENTRIES_PER_PIECE = 1024;
  private static final int BYTES_PER_PIECE = 256 << 10;

  /** Bytes of a row in the memtable beside its value, at most. */
  private static final int ROW_BYTES = 8 + 5;

  /** Rows that go behind all others fill chunk after chunk. */
  private static final int IN_ORDER_FACTOR = 2;

  /** Rows that go between others may split a chunk each. */
  private static final int OUT_OF_ORDER_FACTOR = 6;

  /** Slabs grow by four, so a window holds at most five times what it needs, and its first slab. */
  private static final int SLAB_GROWTH_FACTOR = 5;

  private static final long WINDOW_MIN_BYTES = 8 << 10;

  /** ... and never more than a large slab more than it needs. */
  private static final long WINDOW_MAX_BYTES = 300 << 10;

  private final String table;
  private final Writes writes;
  private final MemoryAccount pool;
  private final ActiveWindows active;
  private final Piece piece = new Piece();
  private int written;

  BatchWrite(String table, Writes writes, MemoryAccount pool, ActiveWindows active) {
    this.table = table;
    this.writes = writes;
    this.pool = pool;
    this.active = active;
  }

  /**
   * Appends the first {@code count} rows. Late ones are not refused.
   *
   * @param inOrder whether no row is older than the one before, or than one that was written before
   * @throws io.timelog.ConcurrentWriterException if another thread is in the middle of a write;
   *     nothing changed
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public void write(Key key, PendingRows rows, int count, boolean inOrder) {
    written = 0;
    writes.claim();
    try {
      int windows = active.plan(rows, count);
      writes.setAside(
          table,
          estimate(rows, 0, count, inOrder, windows) + journalBytes(key, rows, count, windows));
      try {
        writePieces(key, rows, count, inOrder, windows);
      } finally {
        pool.settle();
      }
      writes.tendClaimed();
    } finally {
      active.forgetPlan();
      piece.clear();
      writes.release();
    }
  }

  /** How many entries of the last batch were written: also if it failed with an internal error. */
  public int written() {
    return written;
  }

  private long journalBytes(Key key, PendingRows rows, int count, int windows) {
    return count == 0
        ? 0
        : active.journalBytes(
            count, key.length(), (long) rows.start(count - 1) + rows.length(count - 1), windows);
  }

  private static long estimate(
      PendingRows pending, int from, int to, boolean inOrder, int windows) {
    if (from == to) {
      return 0;
    }
    long factor = inOrder ? IN_ORDER_FACTOR : OUT_OF_ORDER_FACTOR;
    long valueBytes = (long) pending.start(to - 1) + pending.length(to - 1) - pending.start(from);
    long rows = factor * (valueBytes + (long) ROW_BYTES * (to - from));
    return Math.min(
        rows * SLAB_GROWTH_FACTOR + windows * WINDOW_MIN_BYTES, rows + windows * WINDOW_MAX_BYTES);
  }

  private void writePieces(Key key, PendingRows rows, int count, boolean inOrder, int windows) {
    while (written < count) {
      piece.set(key, rows, count);
      writes.beginClaimed();
      try {
        writes.performUntended(table, piece);
      } catch (MemoryBudgetExceededException noRoom) {
        throw new TimelogInternalException(
            "The memory that was set aside for a batch did not suffice: entriesWritten="
                + written
                + ", entries="
                + count,
            noRoom);
      }
      if (written < count
          && writes.isFull()
          && pool.tryPrefundUpTo(estimate(rows, written, count, inOrder, windows))) {
        writes.sealClaimed();
      }
      writes.writeEarly();
      writes.letReadersIn();
    }
  }

  /** As many rows as are written inside one operation. */
  private final class Piece extends WriteOperation {
    private static final byte[] NO_BYTES = new byte[0];

    private final PendingRow row = new PendingRow();
    private Key key = Key.of(NO_BYTES, 0);
    private PendingRows rows = NO_ROWS;
    private int count;

    void set(Key keyOfAll, PendingRows pending, int end) {
      key = keyOfAll;
      rows = pending;
      count = end;
    }

    void clear() {
      rows = NO_ROWS;
      row.entry(0, NO_BYTES, 0, 0);
    }

    @Override
    boolean apply() {
      int from = written;
      try {
        applyUntilFull(from);
      } catch (MemoryBudgetExceededException noRoom) {
        // The entries before were written; the next piece begins behind them.
        if (written == from) {
          throw noRoom;
        }
      }
      return true;
    }

    private void applyUntilFull(int from) {
      int to = Math.min(count, from + ENTRIES_PER_PIECE);
      long bytesEnd = (long) rows.start(from) + BYTES_PER_PIECE;
      while (written < to && rows.start(written) <= bytesEnd) {
        int alike = active.appendStretch(key, rows, written, to);
        if (alike > 0) {
          written += alike;
        } else {
          row.entry(
              rows.timestamp(written), rows.bytes(), rows.start(written), rows.length(written));
          active.append(key, row);
          written++;
        }
      }
    }

    /** The memory was set aside, so this only makes up for what readers made it copy. */
    @Override
    Purpose purpose() {
      return Purpose.NO_GROWTH;
    }
  }

  private static final PendingRows NO_ROWS =
      new PendingRows(new long[0], new byte[0], new int[0]) {};
}
