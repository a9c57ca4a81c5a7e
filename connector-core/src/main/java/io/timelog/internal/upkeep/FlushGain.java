package io.timelog.internal.upkeep;

import io.timelog.internal.row.Rule;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.lang.ref.WeakReference;

/**
 * How much smaller the rows of a map are in segments than in the memtable, where they come back to
 * one by one when they are overwritten. New rows leave so much room, or a store that is full of
 * dense segments could not take overwrites of equal size.
 *
 * <p>For the thread that holds the lock of the {@link Rounds} of the store.
 */
final class FlushGain {
  /*
   * A window that is merged as a whole within the reserve needs nothing: what is overwritten there is
   * flushed and merged again, and is then as dense as it was. A larger one gets smaller segments as its
   * rows are overwritten, while the memtable grows.
   *
   * How much a row takes in the memtable depends on its size, so it is measured by what is flushed: the
   * average of the last flushes, of which each counts half as much as the one after it. Rows of a key that
   * has many were mostly appended, though, and come back in any order, to chunks that are as full as the
   * leaves of a B+-tree.
   */

  /** What rows are taken to gain before any was flushed here: those of an import. */
  private static final double UNKNOWN_GAIN = 0.25;

  /** Less says too little: a small window has more that does not belong to its rows. */
  private static final long MIN_MEASURED_BYTES = 16 << 10;

  /** Slabs of the memtable have ends into which no further row fits, and gaps between rows. */
  private static final double GAPS = 1 / 8.0;

  /** Rows that come in any order fill two thirds of their chunks. */
  private static final double GAIN_OF_CHAINS = 0.5;

  /** With fewer rows for each key most rows are alone, or in a chunk that holds all of them. */
  private static final int ROWS_OF_CHAIN = 4;

  private final Rule rule;
  private final double mergedAtOnceBytes;
  private final long lastSlabBytes;
  private double memtableBytes;
  private double segmentBytes;

  /** Weak, or windows that were dropped since would stay reachable with their buffers. */
  private WeakReference<TableView> seen = new WeakReference<>(null);

  private long seenBytes;

  /**
   * Of a table of which nothing was flushed yet.
   *
   * @param mergedAtOnceBytes a window that takes no more in the memtable is flushed and merged as a
   *     whole, whatever else there is
   * @param lastSlabBytes the size of the last slab of a larger window, of which half is empty in
   *     the mean, and which chunks of chains hardly fill
   */
  FlushGain(Rule rule, double mergedAtOnceBytes, long lastSlabBytes) {
    this.rule = rule;
    this.lastSlabBytes = lastSlabBytes;
    this.mergedAtOnceBytes = mergedAtOnceBytes;
  }

  /** Measures a flush. */
  void flushed(Source sealed, Source output) {
    if (output.bytes() >= MIN_MEASURED_BYTES) {
      // Rows that were deleted as a whole are in one of them only.
      double part = output.rowCount() / (double) sealed.rowCount();
      memtableBytes = memtableBytes / 2 + sealed.bytesAlive() * part;
      segmentBytes = segmentBytes / 2 + output.bytes();
    }
  }

  /**
   * About how many bytes more the rows in segments would take in the memtable. Costs a look at all
   * windows if the view is another one than last time.
   */
  long bytes(TableView now) {
    if (rule != Rule.MAP) {
      return 0;
    }
    if (!seen.refersTo(now)) {
      double bytes = 0;
      for (PartitionWindow window : now.windows()) {
        bytes += bytes(window);
      }
      seenBytes = (long) bytes;
      seen = new WeakReference<>(now);
    }
    return seenBytes;
  }

  private double bytes(PartitionWindow window) {
    long bytes = 0;
    long rows = 0;
    long keys = 0;
    for (Source source : window.sources()) {
      for (Segment segment : source.segments()) {
        // What lies in a file takes no memory now, so there is none that it could grow out of.
        if (segment.isResident()) {
          bytes += segment.sizeBytes();
          rows += segment.rowCount();
          keys += segment.keyCount();
        }
      }
    }
    double measured = measured();
    double gained =
        rows < ROWS_OF_CHAIN * keys
            ? bytes * measured
            : bytes * Math.max(measured, GAIN_OF_CHAINS) + lastSlabBytes / 2.0;
    return bytes + gained <= mergedAtOnceBytes ? 0 : gained;
  }

  private double measured() {
    return segmentBytes == 0
        ? UNKNOWN_GAIN
        : Math.max(0, memtableBytes * (1 + GAPS) / segmentBytes - 1);
  }
}
