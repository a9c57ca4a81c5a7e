package io.timelog.benchmarks.churn;

import io.timelog.Cursor;
import io.timelog.KeyGroups;
import io.timelog.MemoryBudget;
import io.timelog.Snapshot;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Timelog with its defaults, maintained by nobody. */
final class TimelogTable implements ChurnEngine {
  private static final String NAME = "entries";

  private final TimelogStore store;
  private final Table table;

  TimelogTable(TableShape shape) {
    TimelogStore.Builder settings = TimelogStore.builder();
    if (shape.budgetBytes() > 0) {
      settings.memoryBudget(MemoryBudget.ofBytes(shape.budgetBytes()));
    }
    this.store = settings.build();
    TableOptions.Builder options =
        shape.map() ? TableOptions.map(NAME) : TableOptions.multimap(NAME);
    if (shape.windowSize() > 0) {
      options.windowSize(shape.windowSize(), 0);
    }
    this.table = store.createTable(options.keyGroups(KeyGroups.FIRST_BYTE).build());
  }

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    table.append(key, timestamp, value);
  }

  @Override
  public void put(byte[] key, long timestamp, byte[] subkey, byte[] value) {
    table.put(key, timestamp, subkey, value);
  }

  @Override
  public void remove(byte[] key, long timestamp, byte[] subkey) {
    table.remove(key, timestamp, subkey);
  }

  @Override
  public void removeRange(byte[] key, long start, long end) {
    table.removeRange(key, TimeRange.of(start, end));
  }

  @Override
  public void deleteRange(long start, long end) {
    table.deleteRange(TimeRange.of(start, end));
  }

  @Override
  public void deleteBefore(long cutoff) {
    table.deleteBefore(cutoff);
  }

  @Override
  public long get(byte[] key, long timestamp, byte[] subkey) {
    byte[] value = table.get(key, timestamp, subkey);
    return value == null ? 0 : Sums.term(0, timestamp, value);
  }

  @Override
  public long scan(byte[] key, long start, long end) {
    return scan(table, key, start, end);
  }

  private static long scan(TableReader reader, byte[] key, long start, long end) {
    long sum = 0;
    int position = 0;
    try (Cursor cursor = reader.scan(key, TimeRange.of(start, end))) {
      while (cursor.advance()) {
        sum += term(position++, cursor);
      }
    }
    return sum;
  }

  private static long term(int position, Cursor cursor) {
    ByteBuffer value = cursor.valueBuffer();
    int length = value.remaining();
    return Sums.term(
        position, cursor.timestamp(), length, length == 0 ? 0 : value.get(value.position()));
  }

  @Override
  public long scanGroups(int first, int last) {
    long sum = 0;
    try (Cursor cursor = table.scanKeyGroups(first, last, TimeRange.all())) {
      while (cursor.advance()) {
        sum += term(0, cursor);
      }
    }
    return sum;
  }

  @Override
  public long minTimestamp() {
    return table.minTimestamp().orElse(-1);
  }

  @Override
  public long maxTimestamp() {
    return table.maxTimestamp().orElse(-1);
  }

  @Override
  public View view() {
    Snapshot snapshot = store.snapshot();
    TableReader reader = snapshot.table(NAME);
    return new View() {
      @Override
      public long scan(byte[] key, long start, long end) {
        return TimelogTable.scan(reader, key, start, end);
      }

      @Override
      public void close() {
        snapshot.close();
      }
    };
  }

  @Override
  public void flush() {
    store.flush();
  }

  @Override
  public Contents contents() {
    Contents contents = Contents.NONE;
    try (Cursor cursor = table.scanByKey(TimeRange.all())) {
      while (cursor.advance()) {
        contents = contents.with(cursor.key(), cursor.timestamp(), cursor.subkey(), cursor.value());
      }
    }
    return contents;
  }

  @Override
  public OptionalLong accountedBytes() {
    return OptionalLong.of(store.stats().budgetUsedBytes());
  }

  @Override
  public void close() {
    store.close();
  }
}
