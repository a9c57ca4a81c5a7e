package io.timelog.internal.engine;

import io.timelog.internal.read.KeyBounds;
import io.timelog.internal.read.KeyMerge;
import io.timelog.internal.read.TimeSpan;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Retirement;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports dropped entries of one table to its listener, in batches, and frees their memory after
 * it. Any thread may add and drain; one drains at a time.
 */
final class DropQueue {
  private static final Logger LOG = LoggerFactory.getLogger(DropQueue.class);

  private final String table;
  private final Rule rule;
  private final RowDropListener listener;
  private final Runnable whenAdded;
  private final ConcurrentLinkedQueue<Retirement> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger length = new AtomicInteger();
  private final AtomicLong failures = new AtomicLong();
  private volatile boolean closed;
  private @Nullable Report current;
  private boolean draining;

  /** A queue for one table that calls {@code whenAdded} when there is something to report. */
  DropQueue(String table, Rule rule, RowDropListener listener, Runnable whenAdded) {
    this.table = table;
    this.rule = rule;
    this.listener = listener;
    this.whenAdded = whenAdded;
  }

  /** Sources that nobody can see any more. */
  void add(Retirement retirement) {
    length.incrementAndGet();
    waiting.add(retirement);
    if (closed) {
      drain(Integer.MAX_VALUE);
    } else {
      whenAdded.run();
    }
  }

  /** Reports everything; what is added later is reported at once, since nobody drains any more. */
  void close() {
    closed = true;
    drain(Integer.MAX_VALUE);
  }

  /** Deletes of which entries are still to be reported. */
  int length() {
    return length.get();
  }

  /** How often the listener threw. */
  long failures() {
    return failures.get();
  }

  boolean isEmpty() {
    return length.get() == 0;
  }

  /**
   * Reports at most {@code limit} entries. Does nothing on a thread that is in the middle of it, as
   * when a listener closes a cursor.
   */
  synchronized void drain(int limit) {
    if (draining) {
      return;
    }
    draining = true;
    try {
      report(limit);
    } finally {
      draining = false;
    }
  }

  private void report(int limit) {
    int left = limit;
    while (left > 0) {
      Report report = current;
      if (report == null) {
        Retirement next = waiting.poll();
        if (next == null) {
          return;
        }
        report = new Report(next);
        current = report;
      }
      left -= report.step(left);
      if (report.finished) {
        current = null;
        report.retirement.free();
        length.decrementAndGet();
      }
    }
  }

  /** How far the report of one retirement has come. */
  private final class Report {
    private final Retirement retirement;
    private final Iterator<PartitionWindow> windows;
    private @Nullable KeyMerge keys;
    private @Nullable RowCursor rows;
    private boolean finished;

    Report(Retirement retirement) {
      this.retirement = retirement;
      this.windows = retirement.windows().iterator();
    }

    int step(int limit) {
      int reported = 0;
      while (reported < limit && !finished) {
        if (rows != null && rows.advance()) {
          tell(rows);
          reported++;
        } else {
          nextRows();
        }
      }
      return reported;
    }

    private void nextRows() {
      if (keys != null && keys.advance()) {
        rows = keys.rows();
        return;
      }
      rows = null;
      if (!windows.hasNext()) {
        finished = true;
        return;
      }
      keys =
          new KeyMerge(
              windows.next(),
              rule,
              retirement.earlier(),
              retirement.version(),
              KeyBounds.all(),
              new TimeSpan(retirement.first(), retirement.last()),
              Direction.FORWARD);
    }

    private void tell(RowCursor row) {
      KeyMerge at = Objects.requireNonNull(keys);
      try {
        listener.onDrop(
            at.keyBuffer(),
            at.keyOffset(),
            at.keyLength(),
            row.timestamp(),
            row.payload(),
            row.payloadOffset(),
            row.payloadLength());
      } catch (RuntimeException e) {
        failures.incrementAndGet();
        LOG.warn(
            "A drop listener failed and the report goes on: table={}, timestamp={}",
            table,
            row.timestamp(),
            e);
      }
    }
  }
}
