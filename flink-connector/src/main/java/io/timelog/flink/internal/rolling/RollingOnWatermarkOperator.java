package io.timelog.flink.internal.rolling;

import io.timelog.flink.internal.stream.TimerKind;
import io.timelog.flink.internal.stream.WaitingRows;
import io.timelog.flink.state.TimeIndexedStateDescriptor;
import io.timelog.flink.state.TimeIndexedStates;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Gives results in the order of time when the watermark has reached them, so that rows out of order
 * are in all that they belong to. Rows with the same timestamp are in the results of each other.
 */
public final class RollingOnWatermarkOperator<K, T, A, V> extends RollingOperator<K, T, A, V> {
  private static final long serialVersionUID = 1L;

  private final TypeSerializer<T> serializer;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient WaitingRows<K, T> waiting;

  /**
   * Aggregates of the last so many milliseconds.
   *
   * @param sizeMillis at least 1
   * @param lateTag where rows go that are too late; null if they are dropped
   */
  public RollingOnWatermarkOperator(
      long sizeMillis, Aggregation<T, A, V> aggregation, @Nullable OutputTag<T> lateTag) {
    super(sizeMillis, aggregation, lateTag);
    this.serializer = aggregation.rows();
  }

  @Override
  public void open() throws Exception {
    super.open();
    waiting =
        new WaitingRows<>(
            TimeIndexedStates.of(
                getKeyedStateBackend(), new TimeIndexedStateDescriptor<>("waiting", serializer)),
            timers());
  }

  @Override
  void accept(K key, long timestamp, T row) {
    waiting.add(key, timestamp, row);
  }

  @Override
  public void onEventTime(InternalTimer<K, TimerKind> timer) throws Exception {
    if (timer.getNamespace() == TimerKind.RELEASE) {
      K key = timer.getKey();
      waiting.release(key, (timestamp, rows) -> emitAll(key, timestamp, rows));
    } else {
      super.onEventTime(timer);
    }
  }

  private void emitAll(K key, long timestamp, List<T> rows) throws Exception {
    for (T row : rows) {
      add(key, timestamp, row);
    }
    V aggregate = aggregate(timestamp, timestamp - 1);
    for (T row : rows) {
      emit(timestamp, row, aggregate);
    }
  }
}
