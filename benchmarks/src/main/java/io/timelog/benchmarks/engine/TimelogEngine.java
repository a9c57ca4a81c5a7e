package io.timelog.benchmarks.engine;

import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.LateEntries;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Timelog: a multimap that refuses late entries, with windows of adaptive width. */
final class TimelogEngine implements KeyedEngine {
  private static final long BUDGET_BYTES = 1L << 30;
  private static final long SMALL_MEMTABLE_BYTES = 16L << 20;

  private final TimelogStore store;
  private final Table table;
  private long scannedEntries;

  private TimelogEngine(TimelogStore store) {
    this.store = store;
    this.table =
        store.createTable(TableOptions.multimap("entries").lateEntries(LateEntries.REFUSE).build());
  }

  /** With the default memtable, half the budget, which holds everything that is alive. */
  static TimelogEngine inMemtable(Maintenance maintenance) {
    return new TimelogEngine(settings().maintenance(maintenance).build());
  }

  /** With a memtable far smaller than what is alive, which the background thread flushes. */
  static TimelogEngine inSegments() {
    return new TimelogEngine(
        settings()
            .maintenance(Maintenance.BACKGROUND)
            .memtableMaxBytes(SMALL_MEMTABLE_BYTES)
            .build());
  }

  /**
   * With so much memory, and files for what does not fit. It never commits, as an application does
   * that can have its state again from elsewhere; files of an engine that is closed go with the
   * directory.
   */
  static TimelogEngine inDirectory(Path directory, long budgetBytes) {
    return new TimelogEngine(TimelogStore.open(directory, bounded(budgetBytes)));
  }

  /** As {@link #inDirectory}, with files whose pages are compressed. */
  static TimelogEngine compressed(Path directory, long budgetBytes) {
    return new TimelogEngine(
        TimelogStore.open(directory, bounded(budgetBytes).compression(new Lz4PageCodec())));
  }

  private static TimelogStore.Builder bounded(long budgetBytes) {
    return TimelogStore.builder()
        .memoryBudget(MemoryBudget.ofBytes(budgetBytes))
        .maintenance(Maintenance.BACKGROUND)
        .commitLog(CommitLog.NONE);
  }

  private static TimelogStore.Builder settings() {
    return TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(BUDGET_BYTES));
  }

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    table.append(key, timestamp, value);
  }

  @Override
  public long scan(byte[] key, long start, long end) {
    long sum = 0;
    int position = 0;
    try (Cursor cursor = table.scan(key, TimeRange.of(start, end))) {
      while (cursor.advance()) {
        sum += Checksum.term(position++, cursor.timestamp(), cursor.valueLong(0));
      }
    }
    scannedEntries += position;
    return sum;
  }

  @Override
  public long scannedEntries() {
    return scannedEntries;
  }

  @Override
  public void evictBefore(long cutoff) {
    table.deleteBefore(cutoff);
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
