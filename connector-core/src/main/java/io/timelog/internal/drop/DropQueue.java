package io.timelog.internal.drop;

import io.timelog.internal.row.Rule;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
public final class DropQueue {
  private static final Logger LOG = LoggerFactory.getLogger(DropQueue.class);

  /** The most kinds of failure that are told apart; further ones are counted only. */
  private static final int MAX_LOGGED_KINDS = 32;

  private final String table;
  private final Rule rule;
  private final RowDropListener listener;
  private final Runnable whenAdded;
  private final ReportingThreads reporting;
  private final ConcurrentLinkedQueue<Retirement> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger length = new AtomicInteger();
  private final AtomicLong failures = new AtomicLong();
  private final Set<String> loggedKinds = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile @Nullable Thread drainer;
  private @Nullable DropReport current;

  /**
   * A queue for one table.
   *
   * @param whenAdded called when there is something to report
   * @param reporting knows which threads report
   */
  public DropQueue(
      String table,
      Rule rule,
      RowDropListener listener,
      Runnable whenAdded,
      ReportingThreads reporting) {
    this.reporting = reporting;
    this.table = table;
    this.rule = rule;
    this.listener = listener;
    this.whenAdded = whenAdded;
  }

  /** Adds entries that nobody can see any more. */
  public void add(Retirement retirement) {
    length.incrementAndGet();
    waiting.add(retirement);
    if (closed) {
      drain(Integer.MAX_VALUE);
    } else {
      whenAdded.run();
    }
  }

  /** Reports everything; what is added later is reported at once, since nobody drains any more. */
  public void close() {
    closed = true;
    drain(Integer.MAX_VALUE);
  }

  /** Deletes of which entries are still to be reported. */
  public int length() {
    return length.get();
  }

  /** How often the listener threw. */
  public long failures() {
    return failures.get();
  }

  /** Whether nothing waits. */
  public boolean isEmpty() {
    return length.get() == 0;
  }

  private boolean isReporting() {
    return drainer == Thread.currentThread();
  }

  /**
   * Reports at most {@code limit} entries. Does nothing on a thread that is in the middle of it, as
   * when a listener closes a cursor: what that adds is reported when the listener returns.
   */
  public void drain(int limit) {
    if (!isReporting()) {
      drainInTurn(limit);
    }
  }

  private synchronized void drainInTurn(int limit) {
    drainer = Thread.currentThread();
    boolean entered = reporting.enter();
    try {
      report(limit);
    } finally {
      drainer = null;
      if (entered) {
        reporting.leave();
      }
    }
  }

  private void report(int limit) {
    int left = limit;
    while (left > 0 || closed) {
      DropReport report = current;
      if (report == null) {
        Retirement next = waiting.poll();
        if (next == null) {
          return;
        }
        report = new DropReport(next, rule);
        current = report;
      }
      if (report.advance()) {
        tell(report);
        left--;
      } else {
        current = null;
        report.free();
        length.decrementAndGet();
      }
    }
  }

  /** A listener is code of others: nothing that it throws may end the report. */
  private void tell(DropReport report) {
    try {
      report.tell(listener);
    } catch (Throwable thrown) {
      long count = failures.incrementAndGet();
      if (loggedKinds.size() < MAX_LOGGED_KINDS && loggedKinds.add(thrown.getClass().getName())) {
        LOG.warn(
            "A drop listener failed and the report goes on; further failures of this kind are only"
                + " counted: table={}, timestamp={}, failures={}",
            table,
            report.timestamp(),
            count,
            thrown);
      }
    }
  }
}
