package io.timelog.benchmarks.summary;

import io.timelog.Cursor;
import io.timelog.StoreStats;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.summary.LongSummary;
import io.timelog.summary.Summarizer;
import java.nio.ByteBuffer;

/** A table of which each range is scanned. */
final class ScannedStore implements RangeStore {
  static final byte[] KEY = {1, 2, 3, 4, 5, 6, 7, 8};

  private final TimelogStore store = TimelogStore.builder().build();
  private final Table table =
      store.createTable(TableOptions.multimap("numbers").unbounded().build());
  private final Summarizer<Long, LongSummary> summarizer = LongSummary.of(number -> number);
  private final byte[] value = new byte[Long.BYTES];
  private final ByteBuffer valueBuffer = ByteBuffer.wrap(value);

  @Override
  public void append(long timestamp, long number) {
    valueBuffer.putLong(0, number);
    table.append(KEY, timestamp, value);
  }

  @Override
  public void deleteBefore(long cutoff) {
    table.removeRange(KEY, TimeRange.until(cutoff));
  }

  @Override
  public LongSummary aggregate(long start, long end) {
    LongSummary summary = summarizer.none();
    try (Cursor cursor = table.scan(KEY, TimeRange.of(start, end))) {
      while (cursor.advance()) {
        summary = summarizer.add(summary, cursor.timestamp(), cursor.valueLong(0));
      }
    }
    return summary;
  }

  @Override
  public long bytes() {
    StoreStats stats = store.stats();
    return stats.budgetUsedBytes() - stats.pooledBytes();
  }

  @Override
  public void close() {
    store.close();
  }
}
