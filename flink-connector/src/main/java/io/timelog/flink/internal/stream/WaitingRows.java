package io.timelog.flink.internal.stream;

import io.timelog.Entry;
import io.timelog.TimeRange;
import io.timelog.flink.state.TimeIndexedState;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * Rows that wait until the watermark has reached them, and then go on in the order of time.
 *
 * <p>A key has a timer at or before the first row that waits. With it everything of the key that
 * the watermark has passed goes on at once, and a timer is set for the next row; so there are as
 * many timers as steps of the watermark, however many rows come between two of them. Which timer a
 * key has is known for the keys that were seen last, without a look into state. For others a row
 * sets one more, which may find nothing to do.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the rows
 */
public final class WaitingRows<K, T> {
  private final TimeIndexedState<T> rows;
  private final InternalTimerService<TimerKind> timers;
  private final RecentTimes<K> firstTimers = new RecentTimes<>();

  /** Rows that wait in a state, which nobody else uses. */
  public WaitingRows(TimeIndexedState<T> rows, InternalTimerService<TimerKind> timers) {
    this.rows = rows;
    this.timers = timers;
  }

  /** What takes the rows that go on. */
  @FunctionalInterface
  public interface Taker<T> {
    /** Takes all rows of the current key that have a timestamp, in the order of arrival. */
    void take(long timestamp, List<T> together) throws Exception;
  }

  /** Has a row of the current key wait, which lies behind the watermark. */
  public void add(K key, long timestamp, T row) {
    rows.append(timestamp, row);
    expect(key, timestamp, firstTimers.of(key));
  }

  private void expect(K key, long timestamp, long earliest) {
    if (timestamp < earliest) {
      timers.registerEventTimeTimer(TimerKind.RELEASE, timestamp);
      firstTimers.put(key, timestamp);
    }
  }

  /**
   * Gives what the watermark has reached of the current key to a taker, oldest first; to be called
   * with each timer of {@link TimerKind#RELEASE}. Costs a pass over these rows and a lookup.
   */
  public void release(K key, Taker<T> taker) throws Exception {
    TimeRange reached = TimeRange.closed(Long.MIN_VALUE, timers.currentWatermark());
    List<T> together = new ArrayList<>();
    long timestamp = Long.MIN_VALUE;
    for (Entry<T> row : rows.range(reached)) {
      if (row.timestamp() != timestamp && !together.isEmpty()) {
        taker.take(timestamp, together);
        together = new ArrayList<>();
      }
      timestamp = row.timestamp();
      together.add(row.value());
    }
    if (!together.isEmpty()) {
      taker.take(timestamp, together);
      rows.deleteRange(reached);
    }
    firstTimers.forget(key);
    rows.first().ifPresent(next -> expect(key, next.timestamp(), RecentTimes.UNKNOWN));
  }
}
