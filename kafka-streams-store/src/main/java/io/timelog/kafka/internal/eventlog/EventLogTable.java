package io.timelog.kafka.internal.eventlog;

import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.kafka.internal.expiry.Retention;
import io.timelog.kafka.internal.host.HostedTable;
import java.util.List;

/**
 * The entries of one task as bytes, as they are written: by one thread at a time, first the one
 * that restores and then the one that processes. {@link EventLogReads} reads them.
 */
final class EventLogTable {
  private final HostedTable hosted;
  private final Retention retention;
  private final EventLogSummaries<?> summaries;
  private final Span keySpan = new Span();

  /** No entry is older; {@link Long#MAX_VALUE} as long as there was none. */
  private long lowerBound = Long.MAX_VALUE;

  EventLogTable(HostedTable hosted, Retention retention, EventLogSummaries<?> summaries) {
    this.hosted = hosted;
    this.retention = retention;
    this.summaries = summaries;
    recall(hosted.remembered());
    hosted.remember(() -> List.of(retention.newest(), lowerBound));
  }

  private void recall(List<Long> remembered) {
    if (!remembered.isEmpty()) {
      retention.observe(remembered.get(0));
      lowerBound = remembered.get(1);
    }
  }

  /** The options of the table of a store. */
  static TableOptions options(String name, long retentionMillis) {
    TableOptions.Builder options = TableOptions.multimap(name).indexTime();
    if (retentionMillis != Retention.FOR_EVER) {
      options.windowSize(Retention.eventPartitionMillisFor(retentionMillis), 0);
    }
    return options.build();
  }

  /** How it keeps entries, in words. */
  static String layout(long retentionMillis) {
    return retentionMillis == Retention.FOR_EVER
        ? "events"
        : "events, partitions of " + Retention.eventPartitionMillisFor(retentionMillis) + " ms";
  }

  /** Appends an entry whose key is a part of an array; false if it has expired. */
  boolean append(byte[] key, int keyOffset, int keyLength, long timestamp, byte[] value) {
    if (!retention.admits(timestamp)) {
      return false;
    }
    Table table = hosted.table();
    summaries.beforeWrite(keySpan.set(key, keyOffset, keyLength), timestamp);
    table.append(key, keyOffset, keyLength, timestamp, value, 0, value.length);
    lowerBound = Math.min(lowerBound, timestamp);
    observe(timestamp);
    return true;
  }

  /** Moves stream time on to {@code timestamp} and lets go of what has expired with it. */
  void observe(long timestamp) {
    if (retention.observe(timestamp)) {
      deleteBefore(retention.oldestKept());
    }
  }

  /** The oldest timestamp that has not expired. */
  long oldestLive() {
    return retention.oldestLive();
  }

  /** Deletes what lies before {@code timestamp}; false if there cannot be anything. */
  boolean deleteBefore(long timestamp) {
    Table table = hosted.table();
    if (timestamp <= lowerBound) {
      return false;
    }
    summaries.beforeDelete(TimeRange.until(timestamp));
    table.deleteBefore(timestamp);
    lowerBound = timestamp;
    return true;
  }

  void deleteRange(TimeRange range) {
    Table table = hosted.table();
    summaries.beforeDelete(range);
    table.deleteRange(range);
  }

  void deleteRange(byte[] key, TimeRange range) {
    Table table = hosted.table();
    summaries.beforeDelete(keySpan.set(key), range);
    table.removeRange(key, range);
  }
}
