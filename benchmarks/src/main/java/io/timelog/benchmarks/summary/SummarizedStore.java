package io.timelog.benchmarks.summary;

import io.timelog.Codecs;
import io.timelog.Span;
import io.timelog.StoreStats;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.summary.LongSummary;
import io.timelog.summary.Summaries;
import java.nio.ByteBuffer;

/** A table with summaries. */
final class SummarizedStore implements RangeStore {
  private static final byte[] KEY = ScannedStore.KEY;

  private final TimelogStore store = TimelogStore.builder().build();
  private final Table table =
      store.createTable(TableOptions.multimap("numbers").unbounded().build());
  private final Summaries<Long, LongSummary> summaries =
      new Summaries<>(
          table,
          store.createTable(Summaries.options("blocks").build()),
          Codecs.longs(),
          LongSummary.of(number -> number));
  private final Span key = Span.of(KEY);
  private final byte[] value = new byte[Long.BYTES];
  private final ByteBuffer valueBuffer = ByteBuffer.wrap(value);

  @Override
  public void append(long timestamp, long number) {
    valueBuffer.putLong(0, number);
    summaries.beforeWrite(key, timestamp);
    table.append(KEY, timestamp, value);
  }

  @Override
  public void deleteBefore(long cutoff) {
    TimeRange range = TimeRange.until(cutoff);
    summaries.beforeDelete(key, range);
    table.removeRange(KEY, range);
  }

  @Override
  public LongSummary aggregate(long start, long end) {
    return summaries.aggregate(KEY, TimeRange.of(start, end));
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
