package io.timelog.summary;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.Codecs;
import io.timelog.Cursor;
import io.timelog.Snapshot;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.nio.ByteBuffer;

/** A table with summaries, as a host has it: it says before what it is about to write. */
final class SummarizedTable {
  final TimelogStore store;
  final Table entries;
  final Table blocks;
  final CountedReads<Long> values = new CountedReads<>(Codecs.longs());
  final CountedReads<Sequence> sequences = new CountedReads<>(new Sequence.Bytes());
  final Summaries<Long, Sequence> summaries;

  SummarizedTable(TimelogStore store, TableOptions.Builder entries) {
    this.store = store;
    this.entries = store.createTable(entries.build());
    this.blocks = store.createTable(Summaries.options("blocks").build());
    this.summaries = new Summaries<>(this.entries, blocks, values, Sequence.summarizer(sequences));
  }

  static SummarizedTable multimap(TimelogStore store) {
    return new SummarizedTable(store, TableOptions.multimap("entries"));
  }

  static byte[] key(int number) {
    return ("key-" + number).getBytes(UTF_8);
  }

  static byte[] bytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  void append(byte[] key, long timestamp, long value) {
    summaries.beforeWrite(Span.of(key), timestamp);
    entries.append(key, timestamp, bytes(value));
  }

  void put(byte[] key, long timestamp, long value) {
    summaries.beforeWrite(Span.of(key), timestamp);
    entries.put(key, timestamp, bytes(value));
  }

  void remove(byte[] key, long timestamp) {
    summaries.beforeWrite(Span.of(key), timestamp);
    entries.remove(key, timestamp);
  }

  void removeRange(byte[] key, TimeRange range) {
    summaries.beforeDelete(Span.of(key), range);
    entries.removeRange(key, range);
  }

  void deleteRange(TimeRange range) {
    summaries.beforeDelete(range);
    entries.deleteRange(range);
  }

  void deleteBefore(long cutoff) {
    summaries.beforeDelete(TimeRange.until(cutoff));
    entries.deleteBefore(cutoff);
  }

  Sequence aggregate(byte[] key, TimeRange range) {
    return summaries.aggregate(key, range);
  }

  Sequence aggregate(byte[] key, TimeRange range, Snapshot at) {
    return summaries.aggregate(key, range, at.table(entries.name()), at.table(blocks.name()));
  }

  /** As a reader of the present. */
  Sequence read(byte[] key, TimeRange range) {
    try (Snapshot now = store.snapshot()) {
      return aggregate(key, range, now);
    }
  }

  /** The same without summaries. */
  Sequence scanned(byte[] key, TimeRange range) {
    return scanned(entries, key, range);
  }

  static Sequence scanned(TableReader entries, byte[] key, TimeRange range) {
    Sequence sequence = Sequence.NONE;
    try (Cursor cursor = entries.scan(key, range)) {
      while (cursor.advance()) {
        sequence = sequence.with(cursor.timestamp(), cursor.valueLong(0));
      }
    }
    return sequence;
  }
}
