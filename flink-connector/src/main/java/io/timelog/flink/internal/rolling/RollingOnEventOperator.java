package io.timelog.flink.internal.rolling;

import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Gives results as rows come, of what has come by then. */
public final class RollingOnEventOperator<K, T, A, V> extends RollingOperator<K, T, A, V> {
  private static final long serialVersionUID = 1L;

  /**
   * Aggregates of the last so many milliseconds.
   *
   * @param sizeMillis at least 1
   * @param lateTag where rows go that are too late; null if they are dropped
   */
  public RollingOnEventOperator(
      long sizeMillis, Aggregation<T, A, V> aggregation, @Nullable OutputTag<T> lateTag) {
    super(sizeMillis, aggregation, lateTag);
  }

  @Override
  void accept(K key, long timestamp, T row) throws Exception {
    add(key, timestamp, row);
    emit(timestamp, row, aggregate(timestamp, timers().currentWatermark()));
  }
}
