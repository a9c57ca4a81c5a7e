package io.timelog.benchmarks.summary;

import io.timelog.summary.LongSummary;
import io.timelog.summary.Summarizer;
import java.util.HashMap;
import java.util.Map;

/**
 * What a function of Flink does with a {@code MapState<Long, Long>} on the heap: that is a {@code
 * HashMap} for each key, which has no ranges, so each range goes through all of it.
 */
final class MapStore implements RangeStore {
  private final Map<Long, Long> map = new HashMap<>();
  private final Summarizer<Long, LongSummary> summarizer = LongSummary.of(number -> number);

  @Override
  public void append(long timestamp, long number) {
    map.put(timestamp, number);
  }

  @Override
  public void deleteBefore(long cutoff) {
    map.keySet().removeIf(timestamp -> timestamp < cutoff);
  }

  @Override
  public LongSummary aggregate(long start, long end) {
    LongSummary summary = summarizer.none();
    for (Map.Entry<Long, Long> entry : map.entrySet()) {
      long timestamp = entry.getKey();
      if (timestamp >= start && timestamp < end) {
        summary = summarizer.add(summary, timestamp, entry.getValue());
      }
    }
    return summary;
  }

  @Override
  public long bytes() {
    return -1;
  }

  @Override
  public void close() {}
}
