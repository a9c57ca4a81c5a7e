package io.timelog.internal.compaction;

import io.timelog.EntryFilter;
import io.timelog.Span;
import io.timelog.internal.drop.ReportingThreads;
import io.timelog.internal.key.Key;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the filter of a table about rows that are about to be written. The filter is code of others:
 * nothing that it throws ends a merge. For the thread that merges; the counts are for any.
 */
public final class EntryFiltering {
  private static final Logger LOG = LoggerFactory.getLogger(EntryFiltering.class);
  private static final int MAX_LOGGED_KINDS = 32;

  private final String table;
  private final Rule rule;
  private final EntryFilter filter;
  private final ReportingThreads reporting;
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final Set<String> loggedKinds = new HashSet<>();
  private final Span key = new Span();
  private final Span subkey = new Span();
  private final Span value = new Span();
  private byte[] keyBytes = new byte[32];
  private byte[] payloadBytes = new byte[128];

  /**
   * Asks a filter about the rows of a table.
   *
   * @param reporting learns which thread is inside the filter, and must not write
   */
  public EntryFiltering(String table, Rule rule, EntryFilter filter, ReportingThreads reporting) {
    this.table = table;
    this.rule = rule;
    this.filter = filter;
    this.reporting = reporting;
  }

  /** Rows that were dropped so far because the filter gave them up. */
  public long dropped() {
    return dropped.get();
  }

  /** How often the filter threw. */
  public long failures() {
    return failures.get();
  }

  /** Rows are about to be asked about that have nothing to do with those before. */
  public void begin() {
    boolean entered = reporting.enter();
    try {
      filter.begin();
    } catch (Throwable thrown) {
      failed(thrown);
    } finally {
      if (entered) {
        reporting.leave();
      }
    }
  }

  /** The next rows are of this key, until it changes. */
  public void startKey(Key of) {
    key.set(of.bytes(), of.offset(), of.length());
  }

  /** The next rows are of this key. */
  void startKey(ByteBuffer buffer, int offset, int length) {
    keyBytes = atLeast(keyBytes, length);
    ByteCopy.read(buffer, offset, length, keyBytes, 0);
    key.set(keyBytes, 0, length);
  }

  /** Whether an older value of an entry, if there is one, would come back without the entry. */
  public boolean wouldUncover() {
    return rule == Rule.MAP;
  }

  /** Entries that the filter gave up were dropped. */
  public void countDropped(long entries) {
    dropped.addAndGet(entries);
  }

  /** Whether a row, which is an entry, need not be written; then it is counted. */
  boolean drops(RowCursor row) {
    boolean drops = givesUp(row);
    if (drops) {
      countDropped(1);
    }
    return drops;
  }

  /** Whether the filter gives up a row, which is an entry. Counts nothing. */
  public boolean givesUp(RowCursor row) {
    int length = row.payloadLength();
    payloadBytes = atLeast(payloadBytes, length);
    ByteCopy.read(row.payload(), row.payloadOffset(), length, payloadBytes, 0);
    int valueStart = 0;
    if (rule == Rule.MAP) {
      int subkeyLength = RowFormat.getVarint(row.payload(), row.payloadOffset());
      int subkeyStart = RowFormat.varintSize(subkeyLength);
      valueStart = subkeyStart + subkeyLength;
      subkey.set(payloadBytes, subkeyStart, subkeyLength);
    }
    value.set(payloadBytes, valueStart, length - valueStart);
    return ask(row.timestamp());
  }

  private boolean ask(long timestamp) {
    boolean entered = reporting.enter();
    try {
      return filter.mayDrop(key, timestamp, subkey, value);
    } catch (Throwable thrown) {
      failed(thrown);
      return false;
    } finally {
      if (entered) {
        reporting.leave();
      }
    }
  }

  private void failed(Throwable thrown) {
    long count = failures.incrementAndGet();
    if (loggedKinds.size() < MAX_LOGGED_KINDS && loggedKinds.add(thrown.getClass().getName())) {
      LOG.warn(
          "An entry filter failed and entries stay; further failures of this kind are only"
              + " counted: table={}, failures={}",
          table,
          count,
          thrown);
    }
  }

  private static byte[] atLeast(byte[] array, int length) {
    return array.length >= length ? array : new byte[2 * length];
  }
}
