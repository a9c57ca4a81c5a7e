package io.timelog.kafka.internal.eventlog;

import io.timelog.Codec;
import io.timelog.Cursor;
import io.timelog.PageSpans;
import io.timelog.TimeRange;
import io.timelog.kafka.internal.expiry.Retention;
import io.timelog.kafka.internal.host.Contents;
import io.timelog.kafka.internal.host.PinnedTable;
import io.timelog.summary.Summarizer;
import java.util.OptionalLong;

/** Reads entries as bytes, with what has expired cut off. Any thread may read. */
record EventLogReads(Contents<Retention> from) {
  Cursor scan(byte[] key, TimeRange range) {
    return from.table().<Cursor>read(table -> table.scan(key, live(range)));
  }

  Cursor scanBackward(byte[] key, TimeRange range) {
    return from.table().<Cursor>read(table -> table.scanBackward(key, live(range)));
  }

  Cursor scanAll(TimeRange range) {
    return from.table().<Cursor>read(table -> table.scanAll(live(range)));
  }

  Cursor scanAllBackward(TimeRange range) {
    return from.table().<Cursor>read(table -> table.scanAllBackward(live(range)));
  }

  <V> PageSpans<V> pageSpans(byte[] key, TimeRange range, Codec<V> codec) {
    return from.table().<PageSpans<V>>read(table -> table.pageSpans(key, live(range), codec));
  }

  long count(byte[] key, TimeRange range) {
    return from.table().<Long>read(table -> table.count(key, live(range)));
  }

  long count(TimeRange range) {
    long count = 0;
    try (Cursor entries = from.table().<Cursor>read(table -> table.scanByKey(live(range)))) {
      while (entries.advance()) {
        count++;
      }
    }
    return count;
  }

  <V, A> A aggregate(
      byte[] key, TimeRange range, EventLogSummaries<V> summaries, Summarizer<V, A> summarizer) {
    try (PinnedTable now = from.table().pin()) {
      return summaries.aggregate(now, key, live(range), summarizer);
    } catch (IllegalStateException e) {
      throw from.table().unlessClosed(e);
    }
  }

  OptionalLong minTimestamp() {
    return firstTimestamp(scanAll(TimeRange.all()));
  }

  OptionalLong maxTimestamp() {
    return firstTimestamp(scanAllBackward(TimeRange.all()));
  }

  private static OptionalLong firstTimestamp(Cursor cursor) {
    try (cursor) {
      return cursor.advance() ? OptionalLong.of(cursor.timestamp()) : OptionalLong.empty();
    }
  }

  private TimeRange live(TimeRange range) {
    return range.intersect(TimeRange.since(from.state().oldestLive()));
  }
}
