package io.timelog;

import io.timelog.internal.row.RowCursor;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Timelog} needs of the engine: one multimap with one empty key, late entries accepted,
 * whose rows are (timestamp, payload).
 */
interface LogEngine {
  /**
   * Makes the calling thread the writer until {@link #endWrite()}.
   *
   * @throws ConcurrentWriterException if another thread is the writer
   * @throws IllegalStateException if this thread already is (a codec that writes to its own log),
   *     or if the log is closed
   */
  void beginWrite();

  void endWrite();

  /** Appends a row. Between begin and end. */
  void append(long timestamp, byte[] payload, int offset, int length);

  /**
   * Appends rows of which the i-th payload lies at {@code ends[i - 1]} to {@code ends[i]} (the
   * first at zero); all or none. Between begin and end.
   */
  void appendAll(long[] timestamps, int count, byte[] payloads, int[] ends);

  void deleteRange(TimeRange range);

  void deleteBefore(long cutoff);

  void flush();

  void compact();

  void startMaintenance();

  void stopMaintenance();

  void close();

  boolean isClosed();

  Maintenance maintenance();

  Rows rows(TimeRange range);

  Rows rowsBackward(TimeRange range);

  Pages pages(TimeRange range);

  long count(TimeRange range);

  OptionalLong minTimestamp();

  OptionalLong maxTimestamp();

  /** Rows of a snapshot; closing twice does nothing. */
  abstract class Rows extends RowCursor implements AutoCloseable {
    @Override
    public abstract void close();
  }

  /** The pages of a snapshot's segments, cut to the rows that are visible and in the range. */
  interface Pages extends AutoCloseable {
    /** The next slice of a page, by first timestamp; readable until these pages are closed. */
    @Nullable Page next();

    @Override
    void close();
  }

  /** Consecutive visible rows of one page. */
  interface Page {
    int size();

    /** Read-only, shares the page's memory, position zero to limit {@link #size()}. */
    LongBuffer timestamps();

    ByteBuffer payload();

    int payloadOffset(int row);

    int payloadLength(int row);
  }

  /** Told of each row that is gone for good, after publication; must not throw. */
  @FunctionalInterface
  interface RowDropListener {
    void onDrop(long timestamp, ByteBuffer payload, int offset, int length);
  }
}
